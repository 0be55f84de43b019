from portal.actions.links.report_wrong_party import report_wrong_party
from portal.core.actors import SYSTEM
from portal.store import messages
from tests.actions.door import Door


def test_the_number_is_out_of_use_at_once(door):
    session = door.enter()
    token = door.sms.last_token
    door.send(sms=None, requested_by=SYSTEM)
    assert report_wrong_party(door.work, token=token, now=door.now).people == 1
    assert door.debtor().wrong_party_at == door.now
    assert door.link(session.link_id).state == "revoked"
    with door.work.read() as tx:
        assert messages.list_queued_of(tx, debtor_id=door.debtor_id) == []
    assert len(door.told("contact.wrong_party")) == 1
    assert door.told("contact.wrong_party")[0]["reason"] == "not_me"


def test_the_session_ends_and_no_answer_lets_in(door):
    session = door.enter()
    report_wrong_party(door.work, link_id=session.link_id, now=door.now)
    assert door.answer(session).kind == "locked"


def test_everybody_with_this_number_is_marked(door, lender):
    other = Door(work=door.work, creditor_id=lender.creditor_id)
    elsewhere = Door(work=door.work, creditor_id=lender.creditor_id, person={"phone": "+12015550199"})
    door.send()
    assert report_wrong_party(door.work, token=door.sms.last_token, now=door.now).people == 2
    assert other.debtor().wrong_party_at is not None
    assert elsewhere.debtor().wrong_party_at is None


def test_twice_is_once(door):
    door.send()
    for people in (1, 0):
        assert report_wrong_party(door.work, token=door.sms.last_token, now=door.now).people == people
    assert report_wrong_party(door.work, token="q" * 26, now=door.now).people == 0
    assert len(door.told("contact.wrong_party")) == 1

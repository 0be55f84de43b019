from portal.actions.contact.take_reply import take_reply
from tests import build
from tests.actions.door import Door


def test_stop_stops_every_lender_of_this_number(door, database):
    number = "+12015557711"
    here = Door(work=door.work, creditor_id=door.creditor_id, person={"phone": number})
    lender = build.a_lender(database)
    there = Door(
        work=database.work(lender.lender_id), creditor_id=lender.creditor_id, person={"phone": number}
    )
    assert take_reply(database, phone=number, text="Stop!", now=door.now) == 2
    assert here.debtor().messages_stopped_at == door.now
    assert there.debtor().messages_stopped_at == door.now
    assert door.debtor().messages_stopped_at is None
    assert here.told("contact.preferences_changed")[0]["source"] == "reply"


def test_any_other_answer_changes_nothing(door, database):
    assert take_reply(database, phone="+12015550105", text="who are you?", now=door.now) == 0
    assert door.debtor().messages_stopped_at is None

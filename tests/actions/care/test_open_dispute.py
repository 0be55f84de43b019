import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from portal.actions.care.open_dispute import open_dispute
from portal.core.actors import SYSTEM
from portal.store import accounts, disputes, messages
from tests import build


def dispute(
    door, *, token=None, debtor_id=None, account_id=None, reason="wrong_amount", words="It was 100 less"
):
    return open_dispute(
        door.work,
        debtor_id=debtor_id or door.debtor_id,
        account_id=account_id or door.account_id,
        reason=reason,
        words=words,
        token=token or secrets.token_urlsafe(24),
        now=door.now,
    )


def test_row_hold_and_events_are_one_transaction(door):
    door.send(sms=None, requested_by=SYSTEM)
    outcome = dispute(door)
    assert outcome.kind == "opened"
    assert outcome.answer_due_at == door.now + timedelta(days=30)
    with door.work.read() as tx:
        kept = disputes.find_dispute(tx, dispute_ref=outcome.ref)
        assert disputes.load_words(tx, dispute_id=kept.dispute_id) == "It was 100 less"
        holds = accounts.list_holds(tx, account_id=door.account_id, now=door.now)
        assert messages.list_queued_of(tx, debtor_id=door.debtor_id) == []
    assert (kept.state, [hold.kind for hold in holds]) == ("open", ["dispute"])
    assert door.told("dispute.opened")[0]["cause"] == "wrong_amount"
    assert door.told("account.held")[0]["cause"] == "dispute"
    assert "100 less" not in str(build.events_of(door.work))


def test_the_lender_stays_quiet_from_now_on(door):
    dispute(door)
    assert door.send(requested_by=SYSTEM).reason == "held"


def test_a_waiting_dispute_gets_no_second_one(door):
    first = dispute(door)
    again = dispute(door)
    assert (again.kind, again.ref) == ("there_already", first.ref)
    assert door.told().count("dispute.opened") == 1


def test_the_same_form_many_times_at_once_is_one(door):
    token = secrets.token_urlsafe(24)
    with ThreadPoolExecutor(8) as pool:
        kinds = [one.kind for one in pool.map(lambda _: dispute(door, token=token), range(8))]
    assert sorted(set(kinds)) == ["opened", "there_already"]
    assert kinds.count("opened") == 1


def test_a_death_holds_by_its_own_cause(door):
    dispute(door, reason="deceased")
    assert door.told("account.held")[0]["cause"] == "deceased"


def test_what_is_somebody_elses_is_not_found(door, lender):
    other = build.a_debtor(door.work)
    theirs = build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=other)
    assert dispute(door, account_id=theirs).kind == "not_found"
    assert dispute(door, account_id=door.debtor_id).kind == "not_found"
    assert "dispute.opened" not in door.told()

import secrets
from datetime import timedelta

from portal.actions.care.ask_for_person import ask_for_person
from portal.store import handoffs
from tests import build


def ask(door, *, token=None, account_id=None):
    return ask_for_person(
        door.work,
        debtor_id=door.debtor_id,
        account_id=account_id or door.account_id,
        words="Call me after six",
        token=token or secrets.token_urlsafe(24),
        now=door.now,
    )


def test_a_person_is_promised(door):
    outcome = ask(door)
    assert (outcome.kind, outcome.answer_due_at) == ("asked", door.now + timedelta(hours=48))
    with door.work.read() as tx:
        kept = handoffs.find_handoff(tx, handoff_ref=outcome.ref)
        assert handoffs.load_words(tx, handoff_id=kept.handoff_id) == "Call me after six"
    assert (kept.cause, kept.state, kept.account_id) == ("asked_for_person", "waiting", door.account_id)
    assert door.told("case.handed_off")[0]["reason"] == "asked_for_person"
    assert "six" not in str(build.events_of(door.work))


def test_the_same_form_twice_gets_the_first_answer(door):
    token = secrets.token_urlsafe(24)
    first, again = ask(door, token=token), ask(door, token=token)
    assert (again.kind, again.ref) == ("there_already", first.ref)
    assert door.told().count("case.handed_off") == 1


def test_what_is_somebody_elses_is_not_found(door, lender):
    other = build.a_debtor(door.work)
    theirs = build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=other)
    assert ask(door, account_id=theirs).kind == "not_found"

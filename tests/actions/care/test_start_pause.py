import secrets
from datetime import timedelta

from portal.actions.care.start_pause import start_pause
from portal.core.actors import SYSTEM
from portal.store import accounts, handoffs, lenders
from tests import build


def pause(door, *, account_id=None, token=None):
    return start_pause(
        door.work,
        debtor_id=door.debtor_id,
        account_id=account_id or door.account_id,
        token=token or secrets.token_urlsafe(24),
        now=door.now,
    )


def test_it_starts_at_once_and_the_lender_is_quiet(door):
    outcome = pause(door)
    assert (outcome.kind, outcome.until) == ("started", door.now + timedelta(days=30))
    told = door.told("pause.started")[0]
    assert (told["kind"], told["until"], told["stops"]) == (
        "breathing_space", "2026-12-31", ["contact", "payments"],
    )  # fmt: skip
    assert door.send(requested_by=SYSTEM).reason == "held"


def test_asking_again_finds_it_running(door):
    until = pause(door).until
    again = pause(door)
    assert (again.kind, again.until) == ("running", until)
    assert door.told().count("pause.started") == 1


def test_it_ends_by_itself(door):
    pause(door)
    door.wait(days=31)
    with door.work.read() as tx:
        assert accounts.list_holds(tx, account_id=door.account_id, now=door.now) == []


def test_the_second_in_a_year_is_for_a_person_and_never_a_dead_end(door):
    pause(door)
    door.wait(days=60)
    outcome = pause(door)
    assert outcome.kind == "asked"
    assert outcome.answer_due_at == door.now + timedelta(hours=48)
    with door.work.read() as tx:
        assert handoffs.find_handoff(tx, handoff_ref=outcome.ref).cause == "pause_again"
    assert door.told("case.handed_off")[0]["promised_by"].endswith("Z")
    door.wait(days=330)
    assert pause(door).kind == "started"


def test_the_lender_may_let_interest_rest_as_well(door):
    with door.work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"pause_stops_interest": True})
    pause(door)
    assert "interest" in door.told("pause.started")[0]["stops"]


def test_what_is_somebody_elses_is_not_found(door, lender):
    other = build.a_debtor(door.work)
    theirs = build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=other)
    assert pause(door, account_id=theirs).kind == "not_found"

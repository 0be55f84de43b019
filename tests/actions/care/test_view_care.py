import secrets

from portal.actions.care.ask_for_person import ask_for_person
from portal.actions.care.start_pause import start_pause
from portal.actions.care.view_care import view_care
from tests import build


def look(door, account_id=None):
    return view_care(
        door.work, debtor_id=door.debtor_id, account_id=account_id or door.account_id, now=door.now
    )


def test_what_help_there_is(door):
    view = look(door)
    assert (view.pause, view.room.is_open, view.handoff, view.promise_hours) == (None, True, None, 48)
    both = {"debtor_id": door.debtor_id, "account_id": door.account_id, "now": door.now}
    start_pause(door.work, token=secrets.token_urlsafe(24), **both)
    asked = ask_for_person(door.work, words="", token=secrets.token_urlsafe(24), **both)
    view = look(door)
    assert view.pause is not None
    assert not view.room.is_open
    assert view.handoff.handoff_ref == asked.ref


def test_what_is_somebody_elses_is_not_found(door, lender):
    other = build.a_debtor(door.work)
    assert look(door, build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=other)) is None

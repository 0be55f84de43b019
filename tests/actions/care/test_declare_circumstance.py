import secrets
from datetime import timedelta

import pytest

from portal.actions.care.declare_circumstance import declare_circumstance
from tests import build


def declare(door, circumstance, *, account_id=None):
    return declare_circumstance(
        door.work,
        debtor_id=door.debtor_id,
        account_id=account_id or door.account_id,
        circumstance=circumstance,
        token=secrets.token_urlsafe(24),
        now=door.now,
    )


def test_an_adviser_brings_a_hold_of_thirty_days(door):
    outcome = declare(door, "adviser")
    assert (outcome.kind, outcome.until) == ("declared", door.now + timedelta(days=30))
    assert door.told() == ["circumstance.declared", "account.held"]
    assert declare(door, "adviser").kind == "there_already"


def test_urgent_help_brings_a_person_and_tells_no_detail(door):
    outcome = declare(door, "urgent_help")
    assert outcome.answer_due_at == door.now + timedelta(hours=48)
    told = door.told("circumstance.declared")[0]
    assert told == {"circumstance": "urgent_help", "is_urgent": True, "until": "2026-12-31"}
    assert door.told() == ["circumstance.declared", "account.held", "case.handed_off"]


def test_extra_support_stops_nothing_by_itself(door):
    declare(door, "extra_support")
    assert "account.held" not in door.told()


def test_an_unknown_code_is_a_mistake(door):
    with pytest.raises(KeyError):
        declare(door, "rich")


def test_what_is_somebody_elses_is_not_found(door, lender):
    other = build.a_debtor(door.work)
    theirs = build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=other)
    assert declare(door, "adviser", account_id=theirs).kind == "not_found"

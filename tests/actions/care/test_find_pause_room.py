"""What the bounds in force say of pauses is what a person can do, and what is shown of it."""

import secrets
from datetime import timedelta

import pytest

from portal.actions.care.find_pause_room import find_pause_room
from portal.actions.care.start_pause import start_pause
from portal.actions.care.view_care import view_care
from portal.core.bounds.presets import preset
from portal.store import accounts, debtors
from tests import build
from tests.actions.chain import Chain

RULE = {"on": True, "days": [45, 90], "per_months": 1, "per_plan": 2}


def a_plan(work, lender, rule=RULE):
    """A signed plan under bounds whose rule for pauses is given."""
    body = preset("USD")
    for segment in body["segments"]:
        segment["families"]["breathing_space"] = rule
    build.active_bounds(work, body=body)
    debtor_id = build.a_debtor(work)
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    chain = Chain(work=work, account_id=account_id, debtor_id=debtor_id)
    chain.signed()
    return chain


@pytest.fixture
def chain(work, lender):
    return a_plan(work, lender)


def pause(chain, *, after=timedelta(0), days=None):
    return start_pause(
        chain.work,
        debtor_id=chain.debtor_id,
        account_id=chain.account_id,
        token=secrets.token_urlsafe(24),
        now=chain.now + after,
        days=days,
    )


def room(chain, after=timedelta(0)):
    return view_care(
        chain.work, debtor_id=chain.debtor_id, account_id=chain.account_id, now=chain.now + after
    ).room


@pytest.mark.parametrize(("asked", "given"), [(None, 45), (90, 90), (45, 45), (60, 45), (-1, 45)])
def test_a_pause_has_a_length_of_the_bounds(chain, asked, given):
    assert pause(chain, days=asked).until == chain.now + timedelta(days=given)


def test_it_is_had_as_often_as_the_bounds_say_and_then_a_person_decides(chain):
    assert (room(chain).days, room(chain).per_plan, room(chain).left) == ((45, 90), 2, 2)
    assert pause(chain).kind == "started"
    later = timedelta(days=60)
    assert (room(chain, later).left, room(chain, later).is_open) == (1, True)
    assert pause(chain, after=later).kind == "started"
    much_later = timedelta(days=200)
    assert (room(chain, much_later).left, room(chain, much_later).next_on) == (0, None)
    assert pause(chain, after=much_later).kind == "asked"


def test_without_bounds_or_a_plan_the_house_gives_its_own(work, lender):
    debtor_id = build.a_debtor(work)
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    with work.read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        found = find_pause_room(tx, account=account, debtor=debtor, now=build.NOW)
    assert (found.days, found.per_months, found.per_plan, found.is_open) == ((30,), 12, None, True)

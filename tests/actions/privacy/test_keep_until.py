"""The time of keeping ends by itself: not a day early, not under a hold, once."""

from datetime import timedelta

import pytest

from portal.actions.privacy.keep_until import Due, keep_until, list_due
from portal.store import accounts, debtors, retention
from tests import build

DAY = timedelta(days=1)
YEARS = 365 * DAY * 7 + 2 * DAY  # two leap days lie between


@pytest.fixture
def person(work, lender):
    debtor_id = build.a_debtor(work, email="maria@example.com")
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    with work.begin() as tx:
        accounts.move_account(tx, account_id=account_id, before="open", after="closed", now=build.NOW)
    return debtor_id, account_id


def name_of(work, debtor_id):
    with work.read() as tx:
        return debtors.load_person(tx, debtor_id=debtor_id).full_name


def test_whose_time_is_over_is_forgotten_once(work, person):
    debtor_id, _account_id = person
    assert keep_until(work, now=build.NOW + YEARS - 2 * DAY) == (0, None)
    assert list_due(work, now=build.NOW + YEARS - 2 * DAY, limit=9) == []
    later = build.NOW + YEARS + 2 * DAY
    (due,) = list_due(work, now=later, limit=9)
    assert isinstance(due, Due)
    assert due.is_due
    assert keep_until(work, now=later) == (1, None)
    assert name_of(work, debtor_id) == ""
    assert keep_until(work, now=later) == (0, None)
    with work.read() as tx:
        ((erased, ref),) = retention.list_erasures(tx, limit=9)
    assert (erased.reason, erased.kept, ref) == ("retention", [], due.candidate.debtor_ref)
    told = [row.payload["reason"] for row in build.events_of(work) if row.type == "data.erased"]
    assert told == ["retention"]


def test_a_hold_keeps_everything_and_the_page_says_so(work, person):
    debtor_id, account_id = person
    with work.begin() as tx:
        accounts.save_hold(tx, account_id=account_id, kind="dispute", now=build.NOW)
    later = build.NOW + 2 * YEARS
    assert keep_until(work, now=later) == (0, None)
    (due,) = list_due(work, now=later, limit=9)
    assert (due.is_due, due.erasure.reasons) == (False, ("hold",))
    assert name_of(work, debtor_id) == "Maria Lopez"


def test_a_long_list_is_walked_to_its_end(work, lender):
    for _ in range(3):
        build.a_debtor(work)
    later, after, erased = build.NOW + 2 * YEARS, None, 0
    for _ in range(4):
        more, after = keep_until(work, now=later, limit=1, after=after)
        erased += more
    assert (erased, after) == (3, None)

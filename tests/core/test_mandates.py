from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.core.mandates import (
    Collectable,
    can_change,
    debit_day,
    move_window,
    must_tell_on,
    next_try,
    notice_days,
    terms_of,
)
from portal.core.packs.model import Fact
from portal.core.packs.rules import HOUSE, pack_for

DAY = date(2026, 12, 1)  # a Tuesday
ROWS = [Collectable(number=n, due_on=DAY + timedelta(days=30 * n), left=5_000 + n) for n in range(4)]
RULES = {"retries": 2, "payday": None}


def terms(**changes):
    plain = {"agreement_ref": "agr_1", "currency": "USD", "rows": ROWS, "today": DAY, "pack": pack_for("US")}
    return terms_of(**plain | changes)


def test_the_terms_say_how_much_how_often_and_until_when():
    found = terms()
    assert (found.count, found.first_on, found.last_on) == (3, ROWS[1].due_on, ROWS[3].due_on)
    assert (found.highest_minor, found.total_minor) == (5_003, 15_006)
    assert (found.notice_days, found.varying_notice_days, found.retries) == (3, 10, 2)


def test_any_other_term_is_another_consent():
    same, other = terms(), terms(payday=25)
    assert same.digest == terms().digest
    assert same.digest != other.digest
    assert len({terms(rows=ROWS[:n]).digest for n in (2, 3, 4)}) == 3


def test_there_is_nothing_to_allow_when_nothing_is_left():
    assert terms(rows=[]) is None
    assert terms(rows=ROWS[:1]) is None


def test_a_pack_can_only_lengthen_the_notice():
    strict = replace(HOUSE, facts={"debit_notice": Fact(value=14, status="V", unit="days")})
    loose = replace(HOUSE, facts={"debit_notice": Fact(value=1, status="V", unit="days")})
    assert [notice_days(strict, varies=varies) for varies in (False, True)] == [14, 14]
    assert [notice_days(loose, varies=varies) for varies in (False, True)] == [3, 10]


@pytest.mark.parametrize(
    ("told", "days", "expected"),
    [(-10, 3, 0), (-3, 3, 0), (-1, 3, 2), (2, 3, 5), (3, 3, None), (-3, 10, None)],
)
def test_no_debit_before_its_notice_has_run(told, days, expected):
    found = debit_day(due_on=DAY, told_on=DAY + timedelta(days=told), days=days, grace_days=5)
    assert found == (None if expected is None else DAY + timedelta(days=expected))


def test_a_debit_can_be_changed_until_the_end_of_the_day_before():
    assert can_change(debit_on=DAY, today=DAY - timedelta(days=1))
    assert not can_change(debit_on=DAY, today=DAY)
    assert must_tell_on(due_on=DAY, days=3) == DAY - timedelta(days=3)
    assert move_window(due_on=DAY, today=DAY - timedelta(days=4), grace_days=5) == (
        DAY - timedelta(days=3),
        DAY + timedelta(days=5),
    )


@pytest.mark.parametrize(
    ("tries", "code", "is_final", "payday", "expected"),
    [
        (1, "insufficient_funds", False, None, date(2026, 12, 4)),
        (2, "insufficient_funds", False, None, date(2026, 12, 8)),
        (3, "insufficient_funds", False, None, None),
        (1, "lost_card", False, None, None),
        (1, "generic_decline", True, None, None),
        (1, "insufficient_funds", False, 25, date(2026, 12, 28)),
        (1, "insufficient_funds", False, 1, date(2027, 1, 4)),
        (1, "insufficient_funds", False, 31, date(2027, 1, 1)),
        (1, None, False, None, date(2026, 12, 4)),
    ],
)
def test_at_most_two_retries_never_on_a_hard_decline_and_not_before_payday(
    tries, code, is_final, payday, expected
):
    rules = RULES | {"payday": payday}
    assert next_try(declined_on=DAY, tries=tries, code=code, is_final=is_final, terms=rules) == expected

import copy
import itertools

from portal.actions.bounds.count_plans import SECONDS_MAX, count_plans
from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from tests import build


def some_accounts(work, lender, count, **changes):
    debtor_id = build.a_debtor(work)
    return [
        build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id, **changes)
        for _ in range(count)
    ]


def counted(work, now, body=None, **changes):
    draft = parse_bounds(body or preset("USD"))
    return count_plans(work, draft=draft, today=now.date(), now=now, **changes)


def test_accounts_are_counted_by_segment_against_what_is_in_force(work, lender, now):
    build.active_bounds(work)
    some_accounts(work, lender, 2, days_past_due=200)
    some_accounts(work, lender, 1, days_past_due=40)
    some_accounts(work, lender, 1, days_past_due=0)
    some_accounts(work, lender, 1, currency="THB")
    body = copy.deepcopy(preset("USD"))
    early = next(one for one in body["segments"] if one["id"] == "early")
    for rules in early["families"].values():
        rules["on"] = False
    found = counted(work, now, body)
    rows = {one.segment: (one.accounts, one.with_plan, one.with_plan_before) for one in found.segments}
    assert rows == {"": (1, 0, 0), "early": (1, 0, 1), "late": (2, 2, 2)}
    assert (found.accounts, found.with_plan, found.with_plan_before) == (4, 2, 3)
    assert found.is_all
    assert sum(count for _, count in found.causes) == 2


def test_the_time_is_bounded_and_said(work, lender, now):
    some_accounts(work, lender, 3)
    clock = itertools.count(0, SECONDS_MAX / 2)
    found = counted(work, now, timer=lambda: next(clock))
    assert not found.is_all
    assert found.accounts == 2
    assert found.with_plan_before is None, "nothing is in force"


def test_an_empty_house_counts_nothing(work, now):
    found = counted(work, now)
    assert (found.accounts, found.with_plan, found.is_all) == (0, 0, True)

"""Another shape of the same deal: conserved to the unit, on the dates asked for, inside the bounds of today."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.core.amendments.changes import TERMS, changed, changes
from portal.core.amendments.limits import breaches, pause_days_max, reshaped
from portal.core.amendments.reshape import KINDS, Open, Refused, Running, Wish, layouts
from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.core.life.terms import Rhythm
from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import AccountFacts, Facts
from portal.core.plans.grammar import Plan, Row, Terms, Waived, canonical_id
from portal.core.plans.outline import outline
from portal.core.plans.record import plan_from_dict, plan_to_dict

TODAY = date(2027, 3, 10)
RULES = {"grace_days": 5, "missed_before_broken": 2, "cure_days": 14, "moves_per_year": 2}


def a_case(*, today=TODAY, balance=120_000, fees=0, affordable=20_000):
    facts = Facts(
        as_of=today,
        accounts=(
            AccountFacts(
                account_ref="A-1", currency="USD", principal_minor=balance - fees, interest_minor=0,
                fees_minor=fees, product="card", apr=Decimal("0.18"), days_past_due=120,
                debt_age_days=900, jurisdiction="US", holder="tamarind",
            ),
        ),
        affordable_minor=affordable,
    )  # fmt: skip
    return open_case(facts=facts, bounds=parse_bounds(preset("USD")))


def a_running(
    *, left=12, each=10_000, rate_ppm=0, waived=0, paid=0, family="installment", first=date(2027, 3, 20)
):
    dates = [
        date(first.year + (first.month - 1 + k) // 12, (first.month - 1 + k) % 12 + 1, first.day)
        for k in range(left)
    ]
    params = Terms(family=family, count=left, rate_ppm=rate_ppm, first_in_days=10)
    interest = each // 20 if rate_ppm else 0
    rows = tuple(
        Row(due_on=day, number=n, amount=each, principal=each - interest, interest=interest)
        for n, day in enumerate(dates, 1)
    )
    principal = sum(row.principal for row in rows)
    plan = Plan(
        id=canonical_id(params), family=family, currency="USD", params=params, schedule=rows,
        balance=principal + waived, amount=principal, total=left * each, waived=Waived(principal=waived),
        tranches=((5_000, waived // 2), (10_000, waived - waived // 2)) if waived else (), made_on=date(2027, 2, 20),
    )  # fmt: skip
    opened = tuple(Open(due_on=row.due_on, principal=row.principal, interest=row.interest) for row in rows)
    return Running(
        plan=plan, rhythm=Rhythm(freq="monthly", first_on=first, due_day=first.day), opened=opened,
        settled_on=first - timedelta(days=28), balance=principal + waived, paid=paid, total=left * each + paid,
    )  # fmt: skip


def interest_by_hand(plan, start):
    """Count interest row by row from what is still owed, by the days between the dates over 365."""
    owed, total = sum(row.principal for row in plan.schedule), Decimal(0)
    for row in plan.schedule:
        total += Decimal(owed) * plan.params.rate_ppm / 1_000_000 * (row.due_on - start).days / 365
        owed, start = owed - row.principal, row.due_on
    return total


def test_what_is_left_stays_to_the_unit_whatever_is_wished():
    draw = random.Random(20270310)
    for _ in range(120):
        running = a_running(
            left=draw.randrange(2, 20), each=draw.randrange(5_000, 30_000), waived=draw.choice([0, 7_000]),
            first=date(2027, 3, draw.randrange(11, 29)),
        )  # fmt: skip
        wish = Wish(
            kind=draw.choice(KINDS), freq=draw.choice([None, "weekly", "fortnightly", "semi_monthly"]),
            due_day=draw.choice([None, 1, 15, 31]), pay_minor=draw.randrange(1_500, 60_000),
            months=draw.randrange(1, 3),
        )  # fmt: skip
        said = reshaped(running, wish, a_case(balance=running.balance))
        plan = said.nearest if isinstance(said, Refused) else said
        if plan is None:
            assert said.codes
            continue
        assert sum(row.amount for row in plan.schedule) == plan.total == running.left
        assert plan.balance - plan.waived.total == running.principal
        assert all(row.amount > 0 and row.due_on > TODAY for row in plan.schedule)
        assert [row.due_on for row in plan.schedule] == sorted({row.due_on for row in plan.schedule})
        assert plan_from_dict(plan_to_dict(plan)) == plan
        assert (plan.params.rate_ppm, plan.waived, plan.family) == (
            0,
            running.plan.waived,
            running.plan.family,
        )
        assert sum(amount for _, amount in plan.tranches) == running.waived.total
        if wish.kind == "amount" and isinstance(said, Plan):
            assert max(row.amount for row in plan.schedule[:-1] or plan.schedule) <= wish.pay_minor


def test_the_signed_rate_bears_interest_for_the_new_dates_and_none_on_what_was_due():
    running = a_running(left=10, each=10_500, rate_ppm=60_000, family="restructure")
    late = replace(
        running,
        opened=(Open(date(2027, 2, 20), 9_975, 525), *running.opened[1:]),
        settled_on=date(2027, 2, 20),
    )
    case = a_case(balance=late.balance)
    plan = reshaped(late, Wish(kind="amount", pay_minor=30_000), case)
    assert plan.params.rate_ppm == 60_000
    fresh = plan.interest - 525
    assert abs(fresh - interest_by_hand(plan, late.settled_on)) <= len(plan.schedule)
    assert plan.total == late.principal + plan.interest
    longer = reshaped(late, Wish(kind="amount", pay_minor=6_000), case)
    assert longer.interest > plan.interest


@pytest.mark.parametrize(
    ("wish", "dates"),
    [
        (Wish(kind="calendar", due_day=5), (date(2027, 4, 5), date(2027, 5, 5))),
        (Wish(kind="calendar", due_day=31), (date(2027, 3, 31), date(2027, 4, 30))),
        (Wish(kind="calendar", freq="weekly"), (date(2027, 3, 22), date(2027, 3, 29))),
        (Wish(kind="pause", months=2), (date(2027, 5, 20), date(2027, 6, 21))),
        (Wish(kind="amount", pay_minor=20_000), (date(2027, 3, 22), date(2027, 4, 20))),
    ],
)
def test_the_dates_are_those_asked_for_moved_off_weekends(wish, dates):
    plan = reshaped(a_running(), wish, a_case())
    assert tuple(row.due_on for row in plan.schedule[:2]) == dates


def test_each_public_bound_refuses_by_its_own_code():
    running, case = a_running(), a_case()

    def code(wish, **more):
        said = reshaped(replace(running, **more), wish, case)
        return said.codes[0].code if said.codes else said.cause

    assert code(Wish(kind="amount", pay_minor=1)) == "TERM_MAX"
    small = a_running(each=1_000)
    assert (
        code(Wish(kind="amount", pay_minor=1_000), opened=small.opened, balance=12_000) == "INSTALLMENT_MIN"
    )
    assert code(Wish(kind="pause", months=9)) == "GRACE_MAX"
    assert code(Wish(kind="calendar", due_day=5), balance=1) == "balance"
    assert code(Wish(kind="calendar", due_day=5), opened=()) == "kind"
    lump = replace(running.plan, params=replace(running.plan.params, family="lump"))
    assert code(Wish(kind="calendar", due_day=5), plan=lump) == "kind"
    narrow = replace(case, rules=replace(case.rules, common=replace(case.rules.common, freq=("monthly",))))
    assert reshaped(running, Wish(kind="calendar", freq="weekly"), narrow).codes[0].code == "FREQ"


def test_a_worse_value_is_refused_and_no_worse_than_now_never():
    running, case = a_running(), a_case(affordable=500_000)
    strict = replace(case, rules=replace(case.rules, value=replace(case.rules.value, npv_floor=10_000)))
    slower = reshaped(running, Wish(kind="amount", pay_minor=5_000), strict)
    assert [one.code for one in slower.codes] == ["COMBINATION"]
    faster = reshaped(running, Wish(kind="amount", pay_minor=40_000), strict)
    assert isinstance(faster, Plan)


def test_breaches_are_found_on_a_planted_layout():
    running, case, wish = a_running(), a_case(), Wish(kind="calendar")
    (layout,) = layouts(running, wish, case)
    assert breaches(running, layout, outline(layout.terms, layout.frame), wish, case) == ()
    planted = layout._replace(terms=replace(layout.terms, count=400))
    found = breaches(running, planted, outline(planted.terms, planted.frame), wish, case)
    assert {"TERM_MAX", "INSTALLMENT_MIN"} <= {one.code for one in found}
    assert pause_days_max(case, "installment") == 60


def test_every_term_is_compared_and_only_what_differs_is_named():
    running = a_running()
    plan = reshaped(running, Wish(kind="amount", pay_minor=20_000), a_case())
    rows = changes(running, plan, rules=(RULES, RULES | {"grace_days": 3}))
    assert [row["term"] for row in rows] == list(TERMS)
    assert changed(rows) == ["payment", "count", "first_on", "last_on", "grace_days"]
    by_term = {row["term"]: (row["before"], row["after"]) for row in rows}
    assert by_term["payment"] == (10_000, 20_000)
    assert by_term["count"] == (12, 6)
    assert by_term["left"] == (120_000, 120_000)


def behind(running, count):
    """The same plan with its first payments late: their dates are past and nothing was paid."""
    return replace(running, settled_on=running.opened[count - 1].due_on)


@pytest.mark.parametrize("rate_ppm", [0, 90_000])
def test_what_is_late_is_spread_over_the_rest_and_the_end_stays(rate_ppm):
    today = date(2027, 6, 1)
    running = behind(a_running(left=12, rate_ppm=rate_ppm, family="restructure"), 3)
    case = a_case(today=today, balance=running.balance)
    plan = reshaped(running, Wish(kind="re_amortize"), case)
    assert isinstance(plan, Plan), plan
    assert len(plan.schedule) == 9
    assert 0 <= (plan.last_on - running.opened[-1].due_on).days < 3  # a weekend moves it
    assert plan.payment > 10_000
    assert sum(row.principal for row in plan.schedule) == running.principal
    assert plan.re_age_kept == 0


@pytest.mark.parametrize("rate_ppm", [0, 90_000])
def test_what_is_late_goes_behind_the_last_payment_and_nothing_grows(rate_ppm):
    today = date(2027, 6, 1)
    running = behind(a_running(left=12, rate_ppm=rate_ppm, family="restructure"), 3)
    plan = reshaped(running, Wish(kind="re_age"), a_case(today=today, balance=running.balance))
    assert isinstance(plan, Plan), plan
    assert (len(plan.schedule), plan.re_age_kept) == (12, 3)
    assert 0 <= (plan.first_on - running.opened[3].due_on).days < 3
    assert plan.payment <= 10_000
    assert sum(row.principal for row in plan.schedule) == running.principal
    assert "re_age_kept" in changed(changes(running, plan, rules=(RULES, RULES)))


def test_what_is_not_late_and_what_was_re_aged_lately_stays():
    running = a_running(left=12, family="restructure")
    for kind in ("re_age", "re_amortize"):
        assert reshaped(running, Wish(kind=kind), a_case()).codes[0].code == "NOT_LATE"
    late, today = behind(running, 2), date(2027, 5, 1)
    case = a_case(today=today)
    again = replace(case, accounts=(replace(case.accounts[0], re_aged_on=(date(2027, 1, 5),)),))
    said = reshaped(late, Wish(kind="re_age"), again)
    assert [one.code for one in said.codes] == ["RE_AGE"]
    assert dict(said.codes[0].params) == {"times": 1, "months": 12, "age": 9}
    assert isinstance(reshaped(late, Wish(kind="re_amortize"), again), Plan)

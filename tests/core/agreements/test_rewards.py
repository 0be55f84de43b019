import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.agreements.rewards import Open, vest
from portal.core.errors import PlanError


@st.composite
def plans(draw):
    rows = []
    for number in range(1, draw(st.integers(1, 30)) + 1):
        principal, interest = draw(st.integers(1, 10_000)), draw(st.integers(0, 2_000))
        rows.append((number, principal, interest))
    paid = draw(st.integers(0, sum(p + i for _, p, i in rows) - 1))
    made = []
    for number, principal, interest in rows:
        part = min(paid, principal + interest)
        paid -= part
        made.append(
            Open(
                number=number, amount=principal + interest, principal=principal, interest=interest, paid=part
            )
        )
    return made


def applied(rows, vested):
    changed = {one.number: one for one in vested.changed}
    return [new for row in rows if (new := changed.get(row.number, row)).amount]


def total(rows):
    return sum(row.amount for row in rows)


@given(plans())
def test_with_every_step_missed_the_plan_is_the_baseline(rows):
    vested = vest(rows, worth=0)
    assert (vested.changed, vested.amount) == ((), 0)


@given(plans(), st.integers(0, 400_000))
def test_a_reward_takes_exactly_its_worth_or_all_that_is_unpaid_and_only_lowers(rows, worth):
    vested = vest(rows, worth=worth)
    after = applied(rows, vested)
    unpaid = sum(row.amount - row.paid for row in rows)
    assert vested.amount == min(worth, unpaid) == total(rows) - total(after)
    before = {row.number: row for row in rows}
    for row in after:
        old = before[row.number]
        assert row.paid == old.paid <= row.amount <= old.amount
        assert row.principal + row.interest == row.amount
        assert 0 <= row.principal <= old.principal
        assert min(row.paid, old.interest) <= row.interest <= old.interest
    assert vested.principal == sum(r.principal for r in rows) - sum(r.principal for r in after)


@given(plans(), st.lists(st.integers(0, 50_000), max_size=5))
def test_rewards_one_after_another_in_any_order_end_in_the_same_plan(rows, worths):
    together = applied(rows, vest(rows, worth=sum(worths)))
    for order in (worths, worths[::-1], sorted(worths)):
        step = rows
        for worth in order:
            step = applied(step, vest(step, worth=worth))
        assert step == together


@given(plans(), st.integers(0, 400_000))
def test_nothing_but_the_end_changes(rows, worth):
    vested = vest(rows, worth=worth)
    changed = {row.number for row in vested.changed}
    untouched = [row for row in rows if row.number not in changed]
    partly = [row for row in vested.changed if row.amount > row.paid]
    assert len(partly) <= 1
    assert all(row.number < min(changed) for row in untouched if changed and row.amount > row.paid)


def test_a_worth_below_nothing_or_rows_that_do_not_add_up_are_refused():
    row = Open(number=1, amount=100, principal=100, interest=0, paid=0)
    with pytest.raises(PlanError):
        vest([row], worth=-1)
    with pytest.raises(PlanError):
        vest([Open(number=1, amount=100, principal=90, interest=0, paid=0)], worth=1)
    with pytest.raises(PlanError):
        vest([Open(number=1, amount=100, principal=100, interest=0, paid=101)], worth=1)

"""The one set: whatever a case can be shown, by menu, dial or ask, nothing that it can be shown beats.

The judge below looks only at finished plan records and at what `answer` says to asks; it shares no code with the set.
"""

import itertools
import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.pareto import ladder, unbeaten
from portal.core.negotiation.simulate import Options, Refusal, dial, frontier, simulate
from portal.core.plans.record import plan_to_dict
from tests.core.negotiation.helpers import BOUNDS, a_document, a_policy, random_facts, some_facts

NOTHING_WAIVED = {"fees": 0, "interest": 0, "principal": 0}
KINDS = {"skills": "course", "index": "income"}


def figures(plan):
    """What a debtor counts of a plan record: kind, largest payment, first sum, all that is settled, the last day."""
    rows = plan["schedule"]
    body = [row["amount"] for row in rows if row["number"]] or [rows[0]["amount"]]
    first = sum(row["amount"] for row in rows if not row["number"])
    kind = KINDS.get(plan["params"].get("inner") or plan["family"], "debt")
    kind = KINDS.get(plan["family"], kind)
    return kind, max(body), first, plan["total"] + plan["residual"], date.fromisoformat(rows[-1]["due_on"])


def beats(one, other):
    """Cheaper in all at no higher payment and first sum, or as cheap, done no later, and better in something."""
    (kind, pay, first, total, end), (kind2, pay2, first2, total2, end2) = one, other
    if kind != kind2 or pay > pay2 or first > first2 or total > total2:
        return False
    return total < total2 or (end <= end2 and (pay, first, end) != (pay2, first2, end2))


def a_random_document(draw):
    """Bounds with families on and off, other waivers, rounding, thresholds and splits."""
    families = {
        "restructure": {
            "on": draw.random() < 0.8,
            "months_max": draw.choice([24, 60, 84]),
            "waive_principal_max": draw.choice(["0.00", "0.10", "0.25", "0.60"]),
            "rate_max": draw.choice(["0.00", "0.08"]),
            "balloon_max": draw.choice(["0.00", "0.20"]),
        },
        "parts": {"on": draw.random() < 0.7},
        "installment": {"months_max": draw.choice([24, 60]), "installment_min": draw.choice([500, 1_500])},
    }
    policy = {
        "open_share": draw.choice(["0.60", "0.75", "0.95"]),
        "split_q": draw.choice([["0.999", "0.999", "0"], ["0.9", "0.5", "0.2"], ["0"], ["1"]]),
    }
    common = {"lattice": {"installment": draw.choice([1, 100, 500]), "waiver": draw.choice(["0.05", "0.10"])}}
    return parse_bounds(a_document(families=families, policy=policy, common=common))


def a_random_case(seed):
    draw = random.Random(seed)
    bounds = a_random_document(draw)
    return random_facts(seed, small=draw.random() < 0.5), bounds, draw


def on_dials(facts, bounds, freq=None, families=("", "restructure", "skills")):
    """Every plan of the dials of one rhythm."""
    for family in families:
        limits = dial(facts=facts, bounds=bounds, family=family, freq=freq)
        for payment in limits.payments if limits else ():
            plan = simulate(facts=facts, bounds=bounds, family=family, payment_minor=payment, freq=freq)
            assert not isinstance(plan, Refusal)
            yield plan


def some_asks(draw, balance):
    """Asks for a payment, a total, a reduction; not for an end or a family, which a debtor may prefer at a price."""
    for _ in range(6):
        yield Ask(
            pay_minor=draw.choice([None, balance // draw.randrange(3, 80)]),
            total_minor=draw.choice([None, balance * draw.randrange(40, 101) // 100]),
            waiver_bp=draw.choice([None, None, draw.randrange(0, 5_000)]),
            must=draw.choice(["", "pay_minor"]),
        )


def check_case(seed):
    facts, bounds, draw = a_random_case(seed)
    said = [answer(facts=facts, bounds=bounds)]
    said += [answer(facts=facts, bounds=bounds, ask=ask) for ask in some_asks(draw, facts.balance_minor)]
    offered = [offer.plan for one in said for offer in one.offers if offer.plan.schedule]
    shown = {figures(plan_to_dict(plan)) for plan in [*offered, *on_dials(facts, bounds)]}
    kept = {figures(plan_to_dict(plan)) for plan in on_dials(facts, bounds, families=("installment",))}
    for group in (shown, kept):  # who names the family that keeps the terms chooses among its plans
        for one, other in itertools.permutations(group, 2):
            assert not beats(one, other), (seed, one, other)
    best = min((total for _, _, _, total, _ in shown), default=0)
    assert all(total >= best for _, _, _, total, _ in kept), seed


@pytest.mark.parametrize("seed", range(10))
def test_nothing_that_is_shown_is_beaten_by_anything_that_is_shown(seed):
    check_case(seed)


@pytest.mark.long
def test_nothing_that_is_shown_is_beaten_in_hundreds_of_cases():
    for seed in range(10, 500):
        check_case(seed)


@pytest.mark.parametrize("seed", range(6))
def test_no_ask_gets_more_than_the_dial_shows(seed):
    facts, bounds, _ = a_random_case(seed)
    for plan in list(on_dials(facts, bounds))[::5]:
        if plan.family in KINDS:
            continue
        most = max(row.amount for row in plan.schedule)
        for ask in (
            Ask(pay_minor=most, total_minor=plan.total),
            Ask(pay_minor=most, total_minor=plan.total - 1),
        ):
            met = answer(facts=facts, bounds=bounds, ask=ask).kind == "accept"
            assert met == (ask.total_minor == plan.total), (seed, ask)


@pytest.mark.parametrize("seed", range(10))
def test_who_names_the_kind_that_keeps_the_terms_gets_that_kind(seed):
    """It never opens more than the open dial does: at each of its payments that one asks no more in all."""
    facts, bounds, _ = a_random_case(seed)
    named = {"facts": facts, "bounds": bounds}
    for plan in on_dials(facts, bounds, families=("installment",)):
        assert (plan.family, plan_to_dict(plan)["waived"]) == ("installment", NOTHING_WAIVED)
        other = simulate(**named, family="", payment_minor=plan.payment)
        assert not isinstance(other, Refusal)
        assert other.total <= plan.total


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(["", "installment", "restructure", "skills"]),
    st.sampled_from(["weekly", "monthly"]),
    st.sampled_from([None, 0, 2]),
    st.sampled_from([0, 40_000]),
)
def test_along_a_dial_a_higher_payment_costs_no_more_and_ends_no_later(seed, family, freq, grace, first):
    facts, bounds, _ = a_random_case(seed)
    named = {"facts": facts, "bounds": bounds, "family": family, "freq": freq}
    options = Options(grace_months=grace, down_minor=first)
    points = frontier(**named, options=options)
    limits = dial(**named, options=options)
    assert bool(points) == (limits is not None)
    plans = [
        simulate(**named, options=options, payment_minor=payment)
        for payment in (limits.payments if limits else ())
    ]
    for before, after in itertools.pairwise(plans):
        one, other = figures(plan_to_dict(before)), figures(plan_to_dict(after))
        assert one[1] < other[1]
        assert one[3] >= other[3]
        assert one[4] >= other[4]
    if limits:
        assert (points[0].payment, points[-1].payment) == (limits.lowest, limits.highest)
        assert {point.payment for point in points} <= set(limits.payments)


def test_between_two_rungs_the_one_below_is_shown():
    limits = dial(facts=some_facts(), bounds=BOUNDS, family="")
    for low, high in itertools.pairwise(limits.payments):
        plan = simulate(facts=some_facts(), bounds=BOUNDS, family="", payment_minor=high - 1)
        assert max(row.amount for row in plan.schedule) == low


def test_a_small_debt_in_new_terms_never_costs_more_at_a_higher_payment():
    bounds = parse_bounds(preset("THB"))
    facts = some_facts(
        currency="THB",
        principal_minor=1_000_000,
        interest_minor=60_000,
        fees_minor=22_300,
        days_past_due=120,
        surplus=None,
    )
    points = frontier(facts=facts, bounds=bounds, family="restructure")
    totals = [point.total for point in points]
    assert len(points) > 5
    assert totals == sorted(totals, reverse=True)


def test_of_plans_shown_at_other_times_only_those_that_none_beats_are_worth_showing():
    early = answer(facts=some_facts(days_past_due=200, surplus=None), bounds=BOUNDS)
    later = answer(facts=some_facts(), bounds=BOUNDS)
    plans = [offer.plan for one in (early, later, later) for offer in one.offers]
    kept = unbeaten(plans)
    assert 0 < len(kept) < len(plans)
    assert len({plan.id for plan in kept}) == len(kept)
    left = {figures(plan_to_dict(plan)) for plan in kept}
    for one, other in itertools.permutations(left, 2):
        assert not beats(one, other)
    for plan in plans:
        own = figures(plan_to_dict(plan))
        assert own in left or any(beats(one, own) for one in left)
    assert unbeaten([]) == ()


def test_the_ladder_of_no_rows_is_empty():
    policy = a_policy(some_facts())
    assert ladder(policy.board, policy.board.among(policy.open, at_most={"family": -1})) == []


def test_the_judge_sees_a_planted_fault():
    early, late = date(2027, 1, 1), date(2028, 1, 1)
    assert beats(("debt", 500, 0, 9_000, late), ("debt", 600, 0, 10_000, early))
    assert beats(("debt", 500, 0, 9_000, early), ("debt", 500, 0, 9_000, late))
    assert not beats(("debt", 500, 0, 9_000, late), ("debt", 600, 0, 9_000, early))
    assert not beats(("course", 500, 0, 8_000, early), ("debt", 600, 0, 9_000, late))

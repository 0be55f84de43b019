"""What an answer says: the worked ask of the specification, hand-offs, budgets, other rhythms and dates."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.core.bounds.model import Limit
from portal.core.bounds.resolve import PackLimits
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, History, answer, counts
from portal.core.negotiation.confirm import Confirmed, confirm
from portal.core.negotiation.facts import PlanHistory
from tests.core.negotiation.helpers import BOUNDS, TODAY, a_document, an_account, some_facts


def codes(found):
    return [one.code for one in found.codes]


def test_eighty_a_month_and_forty_percent_off():
    found = answer(facts=some_facts(), bounds=BOUNDS, ask=Ask(pay_minor=8_000, waiver_bp=4_000))
    assert found.kind == "counter"
    assert codes(found) == ["WAIVER_FAMILY", "PERSON"]
    assert [offer.label for offer in found.offers[:2]] == ["nearest", "move"]
    nearest, with_cash = (offer.plan for offer in found.offers[:2])
    assert (nearest.payment, nearest.down_payment, nearest.total) == (7_800, 0, 225_000)
    assert [row.amount for row in nearest.schedule] == [7_800] * 28 + [6_600]
    assert (with_cash.payment, with_cash.down_payment, with_cash.total) == (8_000, 45_000, 225_000)
    without = answer(facts=some_facts(cash=0), bounds=BOUNDS, ask=Ask(pay_minor=8_000, waiver_bp=4_000))
    assert not any(offer.plan.down_payment for offer in without.offers)


def test_a_payment_that_is_said_is_met_without_a_first_sum():
    found = answer(facts=some_facts(), bounds=BOUNDS, ask=Ask(pay_minor=8_000))
    assert found.kind == "accept"
    assert found.offers[0].label == "asked"
    assert found.offers[0].plan.down_payment == 0
    assert codes(found) == []


def test_more_than_the_budget_is_warned_of_and_more_than_all_of_it_is_not_agreed():
    facts = some_facts(surplus=8_000, cash=0)
    warned = answer(facts=facts, bounds=BOUNDS, ask=Ask(pay_minor=7_900, months=40, family="installment"))
    assert warned.kind == "accept"
    assert codes(warned) == ["ABOVE_BUDGET"]
    refused = answer(facts=facts, bounds=BOUNDS, ask=Ask(pay_minor=20_000, months=15, family="installment"))
    assert refused.kind == "counter"
    assert "ABOVE_BUDGET" in codes(refused)


def test_paying_everything_is_always_open():
    found = answer(facts=some_facts(), bounds=BOUNDS, ask=Ask(family="full"))
    assert found.kind == "accept"
    assert found.offers[0].plan.total == 300_000


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (Ask(pay_minor=1_000), "INSTALLMENT_MIN"),
        (Ask(pay_minor=2_000), "TERM_MAX"),
        (Ask(waiver_bp=5_000, family="restructure"), "WAIVER_FAMILY"),
        (Ask(first_on=TODAY + timedelta(days=90)), "DATE_LATE"),
        (Ask(family="consolidation"), "FAMILY"),
        (Ask(total_minor=100_000, months=6, family="lump"), "COMBINATION"),
    ],
)
def test_reasons_name_public_bounds_only(ask, code):
    found = answer(facts=some_facts(surplus=None), bounds=BOUNDS, ask=ask)
    assert found.kind == "counter"
    assert code in codes(found)


def test_a_public_down_payment_and_a_rhythm_are_named():
    document = a_document(
        families={"installment": {"down_payment_min": "0.10"}}, common={"freq": ["monthly"]}
    )
    bounds = parse_bounds(document)
    facts = some_facts()
    less = answer(facts=facts, bounds=bounds, ask=Ask(down_minor=100, family="installment"))
    assert less.codes[0].get("min").minor == 30_000
    weekly = answer(facts=facts, bounds=bounds, ask=Ask(freq="weekly", pay_minor=5_000))
    assert weekly.kind == "counter"
    assert codes(weekly)[0] == "FREQ"


def test_another_rhythm_and_first_date_are_followed():
    found = answer(
        facts=some_facts(), bounds=BOUNDS, ask=Ask(freq="weekly", pay_minor=2_700, family="restructure")
    )
    assert found.kind == "accept"
    days = [row.due_on for row in found.offers[0].plan.schedule]
    assert {(b - a).days for a, b in itertools.pairwise(days)} <= {4, 5, 6, 7, 8, 9, 10}
    wished = date(2026, 12, 15)
    dated = answer(facts=some_facts(), bounds=BOUNDS, ask=Ask(pay_minor=8_000, first_on=wished))
    assert dated.offers[0].plan.first_on == wished
    anchor = answer(facts=some_facts(), bounds=BOUNDS, ask=Ask(pay_minor=8_000, due_day=31))
    assert anchor.offers[0].plan.first_on == date(2026, 12, 31)
    assert anchor.offers[0].plan.schedule[1].due_on == date(2027, 2, 1)  # 31 January is a Sunday


def test_the_anchor_stays_where_weekends_move_a_payment():
    wished = date(2026, 12, 19)  # a Saturday
    dated = answer(facts=some_facts(), bounds=BOUNDS, ask=Ask(pay_minor=8_000, first_on=wished))
    days = [row.due_on for row in dated.offers[0].plan.schedule]
    assert days[:4] == [date(2026, 12, 21), date(2027, 1, 19), date(2027, 2, 19), date(2027, 3, 19)]
    february = replace(some_facts(), as_of=date(2027, 2, 1))
    month_end = answer(facts=february, bounds=BOUNDS, ask=Ask(pay_minor=8_000, due_day=31))
    days = [row.due_on for row in month_end.offers[0].plan.schedule]
    assert days[:4] == [
        date(2027, 3, 1),
        date(2027, 3, 31),
        date(2027, 4, 30),
        date(2027, 5, 31),
    ]  # 28 Feb: Sunday
    offer = month_end.offers[0]
    assert confirm(offer=offer, facts=february, bounds=BOUNDS) == Confirmed(plan=offer.plan)


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"flags": ("not_verified",)}, "not_verified"),
        ({"flags": ("in_breathing_space",)}, "in_breathing_space"),
        ({"flags": ("vulnerable",)}, "vulnerable"),
        ({"flags": ("wants_person",)}, "wants_person"),
        ({"holds": ("dispute",)}, "dispute"),
        ({"holds": ("bankruptcy", "dispute")}, "bankruptcy"),
        ({"days_past_due": 0}, "no_segment"),
        ({"principal_minor": 0}, "nothing_owed"),
        ({"surplus": -500}, "negative_budget"),
        ({"surplus": 500, "cash": 0}, "nothing_fits"),
        ({"history": PlanHistory(active_plans=1)}, "active_plan"),
        ({"history": PlanHistory(renegotiated=4)}, "renegotiations_used"),
    ],
)
def test_nobody_is_left_without_a_way(changes, cause):
    found = answer(facts=some_facts(**changes), bounds=BOUNDS)
    assert found.kind == "handoff"
    assert found.handoff_cause == cause


def test_where_nothing_fits_a_pause_is_offered():
    found = answer(facts=some_facts(surplus=-500), bounds=BOUNDS)
    assert [offer.label for offer in found.offers] == ["pause"]
    assert found.offers[0].plan.resumes_on == TODAY + timedelta(days=30)


def test_a_hold_names_the_day_until_which_the_law_pauses():
    facts = some_facts(holds=("statutory_freeze",), hold_until=date(2027, 1, 30))
    found = answer(facts=facts, bounds=BOUNDS)
    assert found.codes[0].get("date") == date(2027, 1, 30)


def test_after_the_last_ask_the_menu_stays_and_a_person_comes():
    facts = some_facts()
    menu = answer(facts=facts, bounds=BOUNDS)
    found = answer(
        facts=facts, bounds=BOUNDS, ask=Ask(pay_minor=1), history=History(asks=5, firm=menu.offers)
    )
    assert (found.kind, found.handoff_cause) == ("handoff", "asks_used")
    assert {o.plan.id for o in found.offers} == {o.plan.id for o in menu.offers}


def test_what_is_open_is_met_however_often_was_asked_and_is_none_of_the_asks():
    met = answer(facts=some_facts(), bounds=BOUNDS, ask=Ask(pay_minor=8_000), history=History(asks=9))
    assert met.kind == "accept"
    assert not counts(Ask(pay_minor=8_000), met)
    for ask, counted in ((Ask(pay_minor=0), False), (Ask(), False), (Ask(pay_minor=1), True)):
        assert counts(ask, answer(facts=some_facts(), bounds=BOUNDS, ask=ask)) == counted


def test_a_breathing_space_is_asked_for_once_a_year():
    ask = Ask(family="breathing_space", pause_days=45)
    found = answer(facts=some_facts(), bounds=BOUNDS, ask=ask)
    assert found.kind == "accept"
    assert found.offers[0].plan.params.pause_days == 60
    long = answer(facts=some_facts(), bounds=BOUNDS, ask=Ask(family="breathing_space", pause_days=90))
    assert long.kind == "counter"
    again = some_facts(history=PlanHistory(paused_days=30))
    assert answer(facts=again, bounds=BOUNDS, ask=ask).kind == "counter"


def test_without_a_budget_one_is_asked_for_and_a_new_account_is_named_as_left_out():
    accounts = (an_account(), an_account(account_ref="AC-2", holds=("dispute",)))
    found = answer(facts=replace(some_facts(surplus=None), accounts=accounts), bounds=BOUNDS)
    assert codes(found) == ["NEED_BUDGET", "LEFT_OUT"]
    assert found.offers[0].plan.left_out == ("AC-2",)


def test_the_law_tightens_and_an_emergency_stop_keeps_firm_offers():
    pack = PackLimits(
        pack_id="CN@1", limits=(Limit(family="*", field="months_max", value=24),), barred=("skills",)
    )
    facts = some_facts(surplus=40_000)
    menu = answer(facts=facts, bounds=BOUNDS)
    found = answer(facts=facts, bounds=BOUNDS, pack=pack, history=History(firm=menu.offers))
    fresh = [offer.plan for offer in found.offers if offer.label != "firm"]
    assert all(len(plan.schedule) <= 25 for plan in fresh)
    assert {o.plan.id for o in menu.offers} <= {o.plan.id for o in found.offers}
    protected = PackLimits(protected_minor=30_000)
    assert answer(facts=facts, bounds=BOUNDS, pack=protected).offers != menu.offers


def test_a_step_of_the_ladder_crossed_mid_case_counts():
    before = answer(
        facts=some_facts(days_past_due=180, cash=300_000),
        bounds=BOUNDS,
        ask=Ask(family="lump", waiver_bp=2_500),
    )
    after = answer(
        facts=some_facts(days_past_due=181, cash=300_000),
        bounds=BOUNDS,
        ask=Ask(family="lump", waiver_bp=2_500),
    )
    assert (before.kind, after.kind) == ("counter", "accept")

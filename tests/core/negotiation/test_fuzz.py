"""Any facts and any ask that can be made get an answer: no exception, sound offers, never silence."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.bounds.presets import CURRENCIES, preset
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, History, answer
from portal.core.negotiation.facts import EVIDENCE, FLAGS, HOLDS, AccountFacts, Budget, Facts, facts_to_dict
from portal.core.negotiation.offers import public_view
from portal.core.negotiation.simulate import Refusal, dial, frontier, simulate
from portal.core.plans.grammar import FAMILIES
from portal.core.plans.record import plan_from_dict, plan_to_dict
from tests.core.negotiation.helpers import BOUNDS, DOCUMENT
from tests.core.negotiation.oracle import wrong

PRESETS = {currency: parse_bounds(preset(currency)) for currency in ("GBP", "VND", "KWD")}
FREQS = ("weekly", "fortnightly", "four_weekly", "semi_monthly", "monthly")
money = st.one_of(
    st.integers(0, 3_000), st.integers(0, 5_000_000), st.sampled_from([0, 1, 499, 500, 501, 10**11])
)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))

accounts = st.builds(
    AccountFacts,
    account_ref=st.sampled_from(["A", "B", "C"]),
    currency=st.just("GBP"),
    principal_minor=money,
    interest_minor=money,
    fees_minor=st.integers(0, 20_000),
    apr=st.sampled_from([Decimal(0), Decimal("0.0599"), Decimal("0.36")]),
    days_past_due=st.sampled_from([0, 1, 31, 90, 91, 181, 400, 5_000]),
    risk_grade=st.sampled_from(["A", "Z", ""]),
    is_secured=st.booleans(),
    holds=st.one_of(st.just(()), st.tuples(st.sampled_from(HOLDS))),
)
budgets = st.builds(
    Budget,
    income_minor=money,
    outgoings_minor=money,
    cash_minor=money,
    income_freq=st.sampled_from(FREQS),
    next_income_on=st.one_of(st.none(), days),
)
facts_made = st.builds(
    Facts,
    as_of=days,
    accounts=st.lists(accounts, min_size=1, max_size=3, unique_by=lambda a: a.account_ref).map(tuple),
    evidence=st.sampled_from(EVIDENCE),
    budget=st.one_of(st.none(), budgets),
    wants_training=st.booleans(),
    course_months=st.integers(0, 18),
    flags=st.one_of(st.just(()), st.just(()), st.tuples(st.sampled_from(FLAGS))),
    affordable_minor=st.one_of(st.none(), money),
)
asks = st.builds(
    Ask,
    family=st.sampled_from(("", *FAMILIES)),
    freq=st.one_of(st.none(), st.sampled_from(FREQS)),
    pay_minor=st.one_of(st.none(), money),
    down_minor=st.one_of(st.none(), money),
    total_minor=st.one_of(st.none(), money),
    waiver_bp=st.one_of(st.none(), st.integers(0, 10_000)),
    months=st.one_of(st.none(), st.integers(0, 700)),
    first_on=st.one_of(st.none(), days),
    due_day=st.one_of(st.none(), st.integers(0, 40)),
    pause_days=st.one_of(st.none(), st.integers(0, 400)),
    must=st.sampled_from(["", "pay_minor", "months", "first_on", "family"]),
)


def above_the_whole_budget(offer, facts):
    """Whether an offer that was neither asked for nor a payment of everything asks more than a month leaves."""
    plan, budget = offer.plan, facts.budget
    if budget is None or offer.label in {"asked", "firm", "pause"} or plan.params.shape == "full":
        return False
    per_year = {"weekly": 52, "fortnightly": 26, "four_weekly": 13, "semi_monthly": 24, "monthly": 12}
    most = max(budget.surplus_minor, 0) * 12 // per_year[plan.params.freq]
    body = [row.amount for row in plan.schedule if row.number]
    single = len(plan.schedule) == 1
    return max(body) > (max(most, budget.cash_minor) if single else most)


def check(found, facts, document):
    assert found.kind in {"menu", "accept", "counter", "handoff"}
    assert found.offers or found.kind == "handoff" or found.codes
    assert (found.kind == "handoff") == bool(found.handoff_cause)
    for offer in found.offers:
        record = plan_to_dict(offer.plan)
        assert plan_from_dict(record) == offer.plan
        assert not above_the_whole_budget(offer, facts)
        assert public_view(offer)["terms"]["total"] == offer.plan.total
        if len(facts.accounts) == 1:
            assert wrong(document, facts_to_dict(facts), record) == []


@settings(max_examples=60, deadline=None)
@given(facts_made, asks, st.integers(0, 7))
def test_every_case_gets_an_answer(facts, ask, made):
    for bounds, document in ((BOUNDS, DOCUMENT), (PRESETS["GBP"], preset("GBP"))):
        menu = answer(facts=facts, bounds=bounds)
        check(menu, facts, document)
        history = History(asks=made, firm=menu.offers)
        check(answer(facts=facts, bounds=bounds, ask=ask, history=history), facts, document)


@settings(max_examples=30, deadline=None)
@given(
    facts_made, st.sampled_from(FAMILIES), money, st.one_of(st.none(), days), st.sampled_from((None, *FREQS))
)
def test_every_case_can_be_tried_out(facts, family, payment, first_on, freq):
    bounds, document = PRESETS["GBP"], preset("GBP")
    limits = dial(facts=facts, bounds=bounds, family=family, first_on=first_on, freq=freq)
    points = frontier(facts=facts, bounds=bounds, family=family, freq=freq)
    found = simulate(
        facts=facts, bounds=bounds, family=family, payment_minor=payment, first_on=first_on, freq=freq
    )
    assert points == () or all(point.total > 0 for point in points)
    plan = found.nearest if isinstance(found, Refusal) else found
    assert plan is not None or found.codes, "never silence"
    assert limits is None or limits.lowest <= limits.highest
    if plan is not None and len(facts.accounts) == 1:
        assert wrong(document, facts_to_dict(facts), plan_to_dict(plan)) == []


def test_the_shipped_currencies_are_known():
    assert set(PRESETS) <= set(CURRENCIES)

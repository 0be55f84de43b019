"""When a re-age is open, against a walk through the days, and which plans promise one."""

import random
from dataclasses import replace
from datetime import date, timedelta

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import answer
from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import facts_from_dict, facts_hash, facts_to_dict
from portal.core.negotiation.offers import plan_of
from portal.core.negotiation.re_age import is_open, re_age_kept, why_not
from portal.core.plans.grammar import Terms
from portal.core.plans.record import plan_from_dict, plan_to_dict
from portal.core.plans.telling import plan_payload
from tests.core.negotiation.helpers import a_document, a_policy, some_facts

RULE = {"kept": 3, "max": 1, "per_months": 12}


def bounds_with(**rule):
    return parse_bounds(a_document(families={"restructure": {"on": True, "months_max": 60, "re_age": rule}}))


def a_case(bounds, facts, **account):
    facts = replace(facts, accounts=(replace(facts.accounts[0], **account),))
    return open_case(facts=facts, bounds=bounds)


def months_before(day, months):
    """The same day so many months earlier, or the last one of its month, found by walking back."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    found = date(year, month + 1, 1) + timedelta(days=31)
    while (found.year, found.month) != (year, month + 1) or found.day > day.day:
        found -= timedelta(days=1)
    return found


def is_open_slowly(rule, today, days, age_days):
    for most, months in ((rule["max"], rule["per_months"]), (rule["long_max"], rule["long_months"])):
        first = months_before(today, months) + timedelta(days=1)
        if sum(first <= day <= today for day in days) >= most:
            return False
    return age_days / 365 >= rule["age_months_min"] / 12


def test_the_limits_equal_a_walk_through_the_days():
    draw, seen = random.Random(65_36903), set()
    facts = some_facts()
    for _ in range(300):
        rule = {
            "kept": draw.randint(1, 6), "max": draw.randint(0, 3), "per_months": draw.randint(1, 24),
            "age_months_min": draw.randint(0, 12), "long_max": draw.randint(1, 4), "long_months": draw.randint(24, 72),
        }  # fmt: skip
        days = tuple(
            sorted(facts.as_of - timedelta(days=draw.randrange(2_400)) for _ in range(draw.randrange(4)))
        )
        age = draw.randrange(500)
        case = a_case(bounds_with(**rule), facts, re_aged_on=days, debt_age_days=age)
        expected = is_open_slowly(rule, facts.as_of, days, age)
        assert is_open(case) == expected, (rule, days, age)
        seen.add(expected)
    assert seen == {True, False}


def test_the_defaults_are_those_of_the_us_supervisors():
    facts = some_facts()
    bounds = bounds_with(max=1)
    young, old = (a_case(bounds, facts, debt_age_days=days) for days in (273, 274))
    assert (is_open(young), is_open(old)) == (False, True)
    last_year = facts.as_of - timedelta(days=300)
    assert not is_open(a_case(bounds, facts, debt_age_days=900, re_aged_on=(last_year,)))
    years = tuple(facts.as_of - timedelta(days=days) for days in (1_500, 800))
    assert not is_open(a_case(bounds, facts, debt_age_days=3_000, re_aged_on=years))
    assert why_not(young).code == "RE_AGE"
    assert why_not(a_case(bounds_with(), facts)).code == "FAMILY"


def test_only_new_terms_for_what_is_late_promise_it():
    case = a_case(bounds_with(**RULE), some_facts(), debt_age_days=900)
    assert re_age_kept(Terms(family="restructure", count=12), case) == 3
    assert re_age_kept(Terms(family="restructure", count=2), case) == 0
    assert re_age_kept(Terms(family="installment", count=12), case) == 0
    on_time = replace(case, accounts=(replace(case.accounts[0], days_past_due=0),))
    assert re_age_kept(Terms(family="restructure", count=12), on_time) == 0


def test_an_offer_carries_it_to_the_signature_and_to_events():
    facts = some_facts()
    facts = replace(facts, accounts=(replace(facts.accounts[0], debt_age_days=900),))
    found = answer(facts=facts, bounds=bounds_with(**RULE))
    plans = [offer.plan for offer in found.offers]
    assert plans
    assert {plan.re_age_kept for plan in plans if plan.family == "restructure"} == {3}
    one = next(plan for plan in plans if plan.family == "restructure")
    assert plan_from_dict(plan_to_dict(one)) == one
    assert plan_payload(one)["re_age_kept"] == 3
    without = replace(one, re_age_kept=0)
    assert "re_age_kept" not in plan_to_dict(without)


def test_the_promise_changes_no_id_and_no_figure():
    facts = some_facts()
    facts = replace(facts, accounts=(replace(facts.accounts[0], debt_age_days=900),))
    with_it, without = (a_policy(facts, bounds=bounds_with(**rule)) for rule in (RULE, {}))
    for entry in with_it.entries(with_it.plans)[:40]:
        one = plan_of(entry.terms, with_it.case, with_it.frame)
        other = plan_of(entry.terms, without.case, without.frame)
        assert (one.id, one.schedule, one.total) == (other.id, other.schedule, other.total)


def test_facts_without_a_re_age_keep_their_hash_and_with_one_come_back():
    facts = some_facts()
    assert "re_aged_on" not in facts_to_dict(facts)["accounts"][0]
    again = replace(facts, accounts=(replace(facts.accounts[0], re_aged_on=(date(2026, 1, 5),)),))
    assert facts_from_dict(facts_to_dict(again)) == again
    assert facts_hash(again) != facts_hash(facts)

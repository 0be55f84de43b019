from dataclasses import replace

import pytest

from portal.core.bench.document import bench_bounds
from portal.core.bench.field import bare, field_of
from portal.core.bench.people import Wish
from portal.core.errors import NegotiationError
from portal.core.negotiation.answer import answer
from portal.core.plans.grammar import Terms
from tests.core.bench.crowds import first, other


def test_the_zone_is_payable_inside_and_wanted():
    for field in (*first(14).fields, *other(14).fields):
        assert set(field.zone) <= set(field.inside)
        assert all(field.payable[row] and field.utility[row] >= 0 for row in field.zone)
        assert all(field.value[row] >= 0.25 for row in field.inside)


def test_every_offer_is_an_outcome_with_the_same_amounts():
    for crowd in (first(14), other(14)):
        for debtor, field in zip(crowd.debtors[:12], crowd.fields, strict=False):
            for offer in answer(facts=debtor.facts, bounds=bench_bounds()).offers:
                row = field.row_of(offer.plan)
                assert field.total[row] == offer.plan.amount
                assert field.largest[row] == max(r.amount for r in offer.plan.schedule if r.number)


def test_a_plan_outside_the_grammar_is_refused():
    debtor, field = first(14).debtors[0], first(14).fields[0]
    (plan, *_) = [offer.plan for offer in answer(facts=debtor.facts, bounds=bench_bounds()).offers]
    with pytest.raises(NegotiationError):
        field.row_of(replace(plan, params=replace(plan.params, count=999)))
    assert bare(Terms(family="consolidation", inner="lump", accounts=("a", "b"))) == Terms(family="lump")


def test_a_wish_is_met_by_the_best_outcome_or_none():
    field = first(14).fields[0]
    assert field.meeting(Wish(pay=0, total=0), field.value) is None
    rows = [r for r in field.inside if not field.down[r]]
    met = field.meeting(Wish(pay=10**9, total=10**9), field.value)
    assert field.value[met] == max(field.value[r] for r in rows)


def test_bias_and_fear_change_what_is_wanted_not_what_is_true():
    debtor, field = first(14).debtors[0], first(14).fields[0]
    biased = field_of(replace(debtor, bias=0.8, foresight=0.2), bench_bounds())
    assert biased.value == field.value
    assert biased.kept == field.kept
    assert biased.utility != field.utility

from dataclasses import replace

from portal.core.bench.check import outside
from portal.core.bench.document import bench_bounds
from portal.core.bench.engine import engine_under
from portal.core.bench.people import wish_of
from portal.core.negotiation.answer import answer
from tests.core.bench.crowds import first, other


def test_the_engine_plays_through_its_door_and_offers_nothing_outside():
    for crowd in (first(14), other(14)):
        for debtor, field in zip(crowd.debtors[:12], crowd.fields, strict=False):
            seat = engine_under(bench_bounds())(field, debtor)
            before = set(seat.offers(1, None))
            for number in (2, 3):
                after = set(seat.offers(number, wish_of(debtor, 0.2)))
                assert before <= after  # firm offers stay
                before = after
            assert seat.faults == 0
            assert seat.asks == 2


def test_the_inspector_finds_planted_faults():
    debtor, field = first(14).debtors[0], first(14).fields[0]
    rules, days = field.case.rules, field.case.days_past_due
    plans = [offer.plan for offer in answer(facts=debtor.facts, bounds=bench_bounds()).offers]
    plan = next(p for p in plans if (p.params.inner or p.family) in {"installment", "restructure"})
    assert outside(plan, rules, days) == ()
    row = plan.schedule[0]
    assert "sum" in outside(replace(plan, total=plan.total + 1), rules, days)
    assert "amount" in outside(
        replace(plan, schedule=(replace(row, amount=0), *plan.schedule[1:])), rules, days
    )
    assert "dates" in outside(replace(plan, schedule=(row, *plan.schedule)), rules, days)
    waived = replace(plan.waived, principal=plan.balance // 2)
    assert "waiver" in outside(replace(plan, waived=waived), rules, days)
    longer = replace(plan, schedule=plan.schedule * 4)
    assert "months" in outside(longer, rules, days)
    small = replace(plan, schedule=tuple(replace(r, amount=9) for r in plan.schedule))
    assert "installment_min" in outside(small, rules, days)

from math import isclose, sqrt

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.evaluate import breaches, fits, nash
from portal.core.negotiation.score import Score
from portal.core.plans.grammar import Terms
from portal.core.plans.outline import outline
from tests.core.negotiation.helpers import a_document, a_policy, some_facts

POLICY = a_policy(some_facts())
CASE, FRAME = POLICY.case, POLICY.frame


def test_what_fits_a_budget():
    inside = outline(Terms(family="installment", count=32), FRAME)
    above = outline(Terms(family="installment", count=30), FRAME)
    assert (inside.largest, fits(inside, CASE, FRAME)) == (9_500, True)
    assert (above.largest, fits(above, CASE, FRAME)) == (10_000, False)
    lump = outline(Terms(family="lump", waiver_bp=8000), FRAME)
    assert fits(lump, CASE, FRAME)
    assert not fits(outline(Terms(family="lump", waiver_bp=7500), FRAME), CASE, FRAME)


def test_the_nash_product_clips_at_nothing():
    assert nash(Score(150_000, 0, 0, 900_000, 0), CASE) == 0
    assert nash(Score(400_000, 0, 0, -360_000, 0), CASE) == 0
    found = nash(Score(640_000, 0, 0, 10_000, 0), CASE)
    assert isclose(found / 1e6, sqrt((0.64 - 0.15) * (0.01 + 0.35)), abs_tol=1e-6)


def test_small_payments_break_a_bound():
    document = a_document(families={"installment": {"installment_min": 9_000, "installment_max": 20_000}})
    policy = a_policy(some_facts(), parse_bounds(document))
    kinds = {
        n: breaches(
            t := Terms(family="installment", count=n), outline(t, policy.frame), policy.case, policy.frame
        )
        for n in (10, 30, 40)
    }
    assert kinds == {10: ("installment_max",), 30: (), 40: ("installment_min",)}

import pytest

from portal.core.bounds.presets import CURRENCIES, preset
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.lint import engine_lint, probes
from tests.core.negotiation.helpers import BOUNDS, a_document


def codes(bounds):
    return [finding.code for finding in engine_lint(bounds)]


def test_the_example_offers_something_to_typical_debtors():
    assert codes(BOUNDS) == []
    assert len(probes(BOUNDS.segments[0], "GBP")) == 6


@pytest.mark.parametrize("currency", CURRENCIES[:3])
def test_shipped_bounds_offer_something_to_typical_debtors(currency):
    assert codes(parse_bounds(preset(currency))) == []


def test_a_floor_that_no_plan_reaches():
    assert codes(parse_bounds(a_document(value={"npv_floor": "1.00"}))) == ["FLOOR_ABOVE_BEST"]


def test_rules_without_any_plan():
    off = {name: {"on": False} for name in ("full", "lump", "parts", "restructure", "skills", "index")}
    small = {"installment": {"n_max": 1}}
    assert codes(parse_bounds(a_document(families={**off, **small}))) == ["EMPTY_POLICY_SET"]


def test_payments_that_no_usual_budget_carries():
    off = {name: {"on": False} for name in ("full", "lump", "parts", "restructure", "skills", "index")}
    short = {"installment": {"n_max": 6, "months_max": 6, "installment_min": 1_500}}
    assert codes(parse_bounds(a_document(families={**off, **short}))) == ["NOTHING_FITS"]

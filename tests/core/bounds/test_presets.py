import pytest

from portal.core.bounds.lint import lint
from portal.core.bounds.presets import CURRENCIES, preset
from portal.core.bounds.schema import parse_bounds
from portal.core.money import exponent


@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_shipped_document_parses_and_draws_no_warning(currency):
    bounds = parse_bounds(preset(currency))
    assert bounds.currency == currency
    assert lint(bounds) == ()


def test_the_currencies_of_the_demo_are_there():
    assert {"GBP", "USD", "THB", "VND", "BRL", "CNY", "TWD", "EUR"} <= set(CURRENCIES)
    assert exponent("VND") == 0
    assert preset("VND")["segments"][0]["common"]["lattice"]["installment"] == 50_000

import pytest

from portal.core.money import Money
from portal.core.negotiation.explain import CODES, code_table, reason


def test_a_reason_carries_known_figures_only():
    one = reason("INSTALLMENT_MIN", min=Money(1_500, "GBP"))
    assert one.get("min") == Money(1_500, "GBP")
    assert one.get("max") is None
    with pytest.raises(KeyError):
        reason("INSTALLMENT_MIN", floor=3)
    with pytest.raises(KeyError):
        reason("RUDE")


def test_the_table_is_total_over_families_and_common_rules():
    table = code_table()
    assert len(table) > 30
    assert set(table.values()) <= set(CODES)

from portal.core.packs.model import Fact
from portal.core.packs.rules import pack_for


def test_a_number_needs_its_unit():
    assert pack_for("US").number("dispute_window", unit="days") == 30
    assert pack_for("US").number("dispute_window", unit="years") is None
    assert pack_for("US").number("nothing", unit="days") is None


def test_a_fact_that_was_read_is_enforced():
    assert pack_for("TH").fact("contact_frequency").status == "V"
    assert isinstance(pack_for("US").fact("opt_out"), Fact)

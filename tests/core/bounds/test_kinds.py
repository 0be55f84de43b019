import pytest

from portal.core.bounds.kinds import Unreadable, kinds
from portal.core.bounds.model import Common, Lattice, Value


def read(owner, name, value):
    return kinds(owner)[name].read(value)


def test_shares_and_rates_become_whole_numbers():
    assert read(Value, "npv_floor", "0.25") == 2500
    assert read(Value, "npv_floor", 1) == 10_000
    assert read(Value, "kappa", "0.0199") == 19_900
    assert read(Lattice, "installment", 500) == 500


@pytest.mark.parametrize("bad", ["", "abc", "-0.1", "1.00001", "NaN", "Infinity", True, None, [], 2])
def test_what_is_not_a_share_is_refused_with_a_fix(bad):
    with pytest.raises(Unreadable) as caught:
        read(Value, "npv_floor", bad)
    assert caught.value.fix


def test_words_come_from_their_list():
    assert read(Common, "freq", ["weekly"]) == ("weekly",)
    with pytest.raises(Unreadable):
        read(Common, "freq", "weekly")

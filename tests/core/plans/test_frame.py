from datetime import date

from portal.core.plans.frame import Debt, ceil_share, waived_by_debt, waived_of
from portal.core.plans.grammar import Terms
from tests.core.plans.frames import a_frame


def test_month_ends_do_not_drift():
    frame = a_frame()
    assert [d.day for d in frame.dates(4)] == [31, 31, 28, 31]
    assert frame.dates(2) == frame.dates(61)[:2]


def test_a_waiver_takes_fees_then_interest_then_principal():
    frame = a_frame(90_000, interest=6_000, fees=4_000, lattice=500)
    five = waived_of(Terms(family="lump", waiver_bp=500), frame)
    assert (five.fees, five.interest, five.principal) == (4_000, 1_000, 0)
    deep = waived_of(Terms(family="lump", waiver_bp=5000), frame)
    assert (deep.fees, deep.interest, deep.principal) == (4_000, 6_000, 40_000)
    parts = waived_of(Terms(family="restructure", waive_fees_bp=10_000, waive_principal_bp=500), frame)
    assert (parts.fees, parts.interest, parts.principal) == (4_000, 0, 4_500)


def test_everything_can_be_waived_and_nothing():
    frame = a_frame(1_000)
    assert waived_of(Terms(family="lump", waiver_bp=10_000), frame).total == 1_000
    assert waived_of(Terms(family="lump"), frame).total == 0


def test_every_debt_gives_the_same_share():
    debts = (
        Debt(account_ref="A", principal=60_000, interest=0, fees=0),
        Debt(account_ref="B", principal=30_000, interest=0, fees=10_000),
    )
    first, other = waived_by_debt(Terms(family="lump", waiver_bp=2000), a_frame(debts=debts))
    assert (first.total, other.total) == (12_000, 8_000)
    assert other.fees == 8_000


def test_a_share_rounds_up_to_the_lattice():
    assert ceil_share(241_735, 1000, 500) == 24_500
    assert ceil_share(100, 3333, 1) == 34


def test_holidays_move_a_date():
    frame = a_frame(business_day="following", holidays=frozenset({date(2026, 12, 31), date(2027, 1, 1)}))
    assert frame.dates(1) == (date(2027, 1, 4),)

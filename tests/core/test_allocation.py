from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.allocation import ORDERS, PARTS, Order, Owed, across_accounts, allocate, order_named
from portal.core.errors import AllocationError

TODAY = date(2026, 12, 10)
ROWS = [
    Owed(1, date(2026, 12, 1), penalty=5, fee=10, interest=20, principal=100),
    Owed(2, date(2026, 12, 10), penalty=0, fee=10, interest=20, principal=100),
    Owed(3, date(2026, 12, 20), penalty=7, fee=10, interest=20, principal=100),
    Owed(4, date(2026, 12, 30), penalty=7, fee=0, interest=20, principal=100),
]
parts = st.integers(0, 10_000)
rows = st.lists(
    st.tuples(st.dates(date(2026, 11, 1), date(2027, 2, 1)), parts, parts, parts, parts), max_size=8
)
orders = st.builds(
    Order,
    st.permutations(PARTS).map(tuple),
    st.permutations(PARTS).map(tuple),
    st.sampled_from(["next", "last", "even"]),
    st.sampled_from(["by_row", "by_part"]),
)


def paid(amount, order):
    """Return number -> part -> amount."""
    found = {}
    for number, part, piece in allocate(amount=amount, owed=ROWS, on=TODAY, order=order).slices:
        found.setdefault(number, {})[part] = piece
    return found


@given(rows, st.integers(0, 200_000), orders)
def test_nothing_is_lost_and_no_part_is_overpaid(drawn, amount, order):
    owed = [Owed(number, *row) for number, row in enumerate(drawn)]
    allocation = allocate(amount=amount, owed=owed, on=TODAY, order=order)
    assert sum(piece.amount for piece in allocation.slices) + allocation.left == amount
    settled = {}
    for number, part, piece in allocation.slices:
        assert piece > 0
        settled[number, part] = settled.get((number, part), 0) + piece
    for (number, part), piece in settled.items():
        assert piece <= getattr(owed[number], part)
    assert not allocation.left or amount - allocation.left == sum(row.total for row in owed)


@given(rows, st.integers(0, 200_000), orders)
def test_late_rows_are_settled_before_later_ones(drawn, amount, order):
    owed = [Owed(number, *row) for number, row in enumerate(drawn)]
    allocation = allocate(amount=amount, owed=owed, on=TODAY, order=order)
    late = sum(row.total for row in owed if row.due_on <= TODAY)
    on_late = sum(piece.amount for piece in allocation.slices if owed[piece.number].due_on <= TODAY)
    assert on_late == min(amount, late)


def test_the_standard_order_finishes_a_row_before_the_next():
    assert paid(150, ORDERS["penalty_fee_interest_principal"]) == {
        1: {"penalty": 5, "fee": 10, "interest": 20, "principal": 100},
        2: {"fee": 10, "interest": 5},
    }


def test_by_part_pays_the_part_of_every_row_first():
    order = Order(PARTS, PARTS, direction="by_part")
    assert paid(25 + 240 + 10, order)[3]["penalty"] == 7
    assert paid(25 + 240 + 10, order)[4]["penalty"] == 3


def test_a_surplus_goes_to_the_next_the_last_or_all():
    late_and_due = 135 + 130
    named = {surplus: Order(PARTS, PARTS, surplus=surplus) for surplus in ("next", "last", "even")}
    assert set(paid(late_and_due + 60, named["next"])) == {1, 2, 3}
    assert set(paid(late_and_due + 60, named["last"])) == {1, 2, 4}
    even = paid(late_and_due + 61, named["even"])
    assert (sum(even[3].values()), sum(even[4].values())) == (30, 31)


def test_orders_have_names():
    assert order_named("fee_last").due[-1] == "fee"
    with pytest.raises(AllocationError):
        order_named("whatever")
    for order in ORDERS.values():
        assert sorted(order.due) == sorted(order.in_advance) == sorted(PARTS)


def test_negative_amounts_are_refused():
    with pytest.raises(AllocationError):
        allocate(amount=-1, owed=ROWS, on=TODAY, order=ORDERS["fee_last"])


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=8),
    st.data(),
    st.sampled_from(["pro_rata", "dearest_first", "smallest_first", "statutory"]),
)
def test_several_debts_share_a_payment_to_the_unit(balances, data, order):
    amount = data.draw(st.integers(0, sum(balances)))
    rates = tuple(range(len(balances)))
    shares = across_accounts(amount=amount, balances=balances, order=order, rates=rates)
    assert sum(shares) == amount
    assert all(0 <= part <= balance for part, balance in zip(shares, balances, strict=True))


def test_several_debts_in_their_orders():
    balances = (300, 100, 200)
    assert across_accounts(amount=150, balances=balances, order="smallest_first") == (0, 100, 50)
    assert across_accounts(amount=150, balances=balances, order="statutory") == (150, 0, 0)
    assert across_accounts(amount=150, balances=balances, order="dearest_first", rates=(1, 2, 3)) == (
        0,
        0,
        150,
    )
    assert across_accounts(amount=150, balances=balances, order="pro_rata") == (75, 25, 50)
    for wrong in ({"amount": 601, "order": "statutory"}, {"amount": 1, "order": "dearest_first"}):
        with pytest.raises(AllocationError):
            across_accounts(balances=balances, **wrong)

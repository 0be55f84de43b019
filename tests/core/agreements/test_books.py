import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.agreements.books import Due, Owed, interest_part, pay_installments, settle
from portal.core.errors import AllocationError

amounts = st.integers(min_value=0, max_value=10**9)


@given(amount=st.integers(min_value=1, max_value=10**10), fees=amounts, interest=amounts, principal=amounts)
def test_a_payment_goes_somewhere_to_the_unit_and_never_overpays_a_part(amount, fees, interest, principal):
    owed = Owed(fees=fees, interest=interest, principal=principal)
    done = settle(amount_minor=amount, owed=owed)
    assert done.total == amount
    assert 0 <= done.fees <= fees
    assert 0 <= done.interest <= interest
    assert 0 <= done.principal <= principal
    assert done.credit == max(amount - owed.total, 0)
    assert not done.principal or (done.fees, done.interest) == (fees, interest)


@given(amount=st.integers(min_value=1, max_value=10**6), lefts=st.lists(st.integers(0, 10**5), max_size=30))
def test_installments_are_paid_in_order_each_before_the_next(amount, lefts):
    dues = [Due(number=number, left_minor=left) for number, left in enumerate(lefts, 1)]
    parts = dict(pay_installments(amount_minor=amount, dues=dues))
    assert sum(parts.values()) == min(amount, sum(lefts))
    open_ones = [due for due in dues if parts.get(due.number, 0) < due.left_minor]
    assert all(due.number not in parts for due in open_ones[1:])


def test_a_plans_own_interest_is_paid_first():
    assert interest_part(paid_before=0, part=500, interest=120) == 120
    assert interest_part(paid_before=100, part=500, interest=120) == 20
    assert interest_part(paid_before=200, part=500, interest=120) == 0
    assert interest_part(paid_before=0, part=50, interest=120) == 50


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_is_positive(amount):
    with pytest.raises(AllocationError):
        settle(amount_minor=amount, owed=Owed(fees=0, interest=0, principal=1))

from datetime import date

from portal.core.money import share
from portal.core.plans.build import build, slices
from portal.core.plans.frame import Debt
from portal.core.plans.grammar import Terms
from tests.core.plans.frames import a_frame

DEBTS = tuple(
    Debt(account_ref=ref, principal=owed, interest=0, fees=0, apr_ppm=apr)
    for ref, owed, apr in (("A", 123_456, 1), ("B", 98_765, 3), ("C", 20_001, 2))
)


def test_a_first_sum_comes_first_and_belongs_to_the_amount():
    plan = build(Terms(family="installment", count=10, down_bp=2000), a_frame())
    assert (plan.down_payment, plan.schedule[0].number, plan.schedule[0].due_on) == (
        60_000,
        0,
        date(2026, 12, 2),
    )
    assert plan.total == 300_000
    assert plan.payment == 24_000


def test_a_row_is_shared_by_what_is_left():
    plan = build(
        Terms(family="installment", count=24, order="pro_rata"), a_frame(debts=DEBTS, order="pro_rata")
    )
    first = plan.schedule[0]
    assert [part for _, part in first.account_split] == list(share(first.amount, (123_456, 98_765, 20_001)))
    assert sum(part for _, part in first.account_split) == first.amount
    assert slices(Terms(family="installment"), a_frame(debts=DEBTS)) == (123_456, 98_765, 20_001)


def test_the_dearest_or_the_smallest_can_come_first():
    dearest = build(Terms(family="installment", count=24), a_frame(debts=DEBTS, order="dearest_first"))
    assert dict(dearest.schedule[0].account_split)["B"] == dearest.schedule[0].amount
    smallest = build(Terms(family="installment", count=24), a_frame(debts=DEBTS, order="smallest_first"))
    assert dict(smallest.schedule[0].account_split)["C"] == smallest.schedule[0].amount


def test_tranches_of_a_write_off_are_amounts():
    terms = Terms(family="restructure", count=24, waive_principal_bp=2000)
    plan = build(terms, a_frame(), tranches=((5000, 5000), (10_000, 5000)))
    assert plan.tranches == ((5000, 30_000), (10_000, 30_000))


def test_a_pause_has_no_payments_and_a_day_it_ends():
    plan = build(Terms(family="breathing_space", count=0, pause_days=30), a_frame())
    assert plan.schedule == ()
    assert plan.resumes_on == date(2026, 12, 31)
    assert (plan.payment, plan.first_on, plan.last_on) == (0, None, None)


def test_an_indexed_plan_keeps_its_residual():
    plan = build(Terms(family="index", count=12, theta_bp=5000), a_frame())
    assert plan.residual == 300_000 - 12 * 6_000
    waived = build(Terms(family="index", count=12, theta_bp=5000), a_frame(residual_waived=True))
    assert (waived.residual, waived.waived.total) == (0, 228_000)
    token = build(Terms(family="index", count=12, token=True), a_frame(pay_min=100))
    assert {row.amount for row in token.schedule} == {100}

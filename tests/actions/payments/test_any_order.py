"""A provider's notices in any order, over a plan and its books: every order ends in the same state (SAFETY.md 7)."""

import itertools
import random

import pytest

from portal.actions.payments.record_payment import apply_notice
from portal.core.payments import Kind
from portal.store import accounts, agreements, ledger, payments
from portal.store.paying import lock_paying
from tests.actions.chain import a_chain, a_notice
from tests.actions.payments.test_record_payment import pay, payment_of
from tests.build import NOW

KINDS = [
    Kind.PENDING, Kind.FAILED, Kind.CANCELED, Kind.DECLINED, Kind.REFUNDED, Kind.REFUND_FAILED, Kind.DISPUTED,
    Kind.DISPUTE_WON, Kind.DISPUTE_LOST,
]  # fmt: skip


class Undo(Exception):  # noqa: N818 - no error: the way out of a transaction that is not kept
    """Leave a transaction without keeping it."""


def a_history(dice, payment, length):
    """Make a history with a success in it, and what else a provider might tell of the payment."""
    told = [a_notice(payment)]
    for _ in range(length - 1):
        kind = dice.choice(KINDS)
        sizes = [payment.amount_minor, payment.amount_minor // 2, 100]
        ref = {"refund_ref": dice.choice(["re_1", None])} if kind is Kind.REFUNDED else {}
        ref = {"refund_ref": "re_1"} if kind is Kind.REFUND_FAILED else ref
        ref = {"dispute_ref": "dp_1"} if kind.value.startswith("dispute") else ref
        told.append(a_notice(payment, kind, amount=dice.choice(sizes), **ref))
    return told


def end_of(chain, agreement, payment, order):
    """Tell a history in one order, look at everything it touched, and undo it."""
    seen = []
    try:
        with chain.work.begin() as tx:
            for notice in order:
                paying = lock_paying(tx, payment_id=payment.payment_id)
                apply_notice(tx, paying=paying, notice=notice, now=chain.now)
            seen.append(look(tx, chain, agreement, payment))
            raise Undo  # noqa: TRY301 - the way out of the transaction
    except Undo:
        return seen[0]


def look(tx, chain, agreement, payment):
    now = payments.find_payment(tx, payment_id=payment.payment_id)
    account = accounts.find_account(tx, account_id=chain.account_id)
    books = {
        book: total for book, total in ledger.book_totals(tx, account_id=chain.account_id).items() if total
    }
    assert sum(books.values()) == 0
    came = now.amount_minor - now.refunded_minor - now.returned_minor
    if now.receipt_number:
        kept = now.allocation
        assert (
            sum(kept[book] for book in ("fees", "interest", "principal", "credit", "plan_interest")) == came
        )
    rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    return (
        (now.state, now.amount_minor, now.refunded_minor, now.returned_minor, now.allocation, now.facts),
        (account.state, account.principal_minor, account.interest_minor, account.fees_minor),
        [(row.number, row.state, row.amount_minor, row.paid_minor) for row in rows],
        agreements.find_agreement(tx, agreement_id=agreement.agreement_id).state,
        books,
    )


def a_paid_plan(work, lender, *, family, share, **wish):
    chain = a_chain(work, lender)
    agreement = chain.signed(family=family, interest_minor=61)
    with work.read() as tx:
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    total = sum(row.amount_minor for row in rows)
    return chain, agreement, payment_of(chain, pay(chain, int(total * share), **wish))


def check(work, lender, *, seed, histories, orders):
    dice = random.Random(seed)
    today = NOW.date().isoformat()
    plans = [
        a_paid_plan(work, lender, family="restructure", share=1, payoff_on=today),
        a_paid_plan(work, lender, family="", share=0.3),
        a_paid_plan(work, lender, family="", share=1.2),
        a_paid_plan(work, lender, family="restructure", share=0.4),
    ]
    for number in range(histories):
        chain, agreement, payment = plans[number % len(plans)]
        history = a_history(dice, payment, 5)
        picked = list(itertools.permutations(history))
        if orders < len(picked):
            picked = [picked[0], *dice.sample(picked, orders - 1)]
        first = end_of(chain, agreement, payment, picked[0])
        for order in picked[1:]:
            assert end_of(chain, agreement, payment, order) == first, [n.kind for n in order]


def test_sampled_orders_end_alike(work, lender):
    check(work, lender, seed=20261124, histories=3, orders=4)


@pytest.mark.long
def test_all_orders_of_fifty_histories_end_alike(work, lender):
    check(work, lender, seed=5, histories=50, orders=120)


def test_a_chargeback_after_the_last_payment_lets_the_same_plan_run_on(work, lender):
    chain, agreement, payment = a_paid_plan(work, lender, family="", share=1)
    before = end_of(chain, agreement, payment, [])
    paid = end_of(chain, agreement, payment, [a_notice(payment)])
    assert paid[3] == "completed"
    lost = end_of(chain, agreement, payment, [a_notice(payment), a_notice(payment, Kind.DISPUTE_LOST)])
    assert lost[3] == "active"
    assert lost[1] == before[1]
    assert lost[2] == before[2]


def test_a_payoff_whose_part_refund_failed_is_whole_again_and_keeps_what_it_saved(work, lender):
    today = NOW.date().isoformat()
    chain, agreement, payment = a_paid_plan(work, lender, family="restructure", share=1, payoff_on=today)
    paid = end_of(chain, agreement, payment, [a_notice(payment)])
    assert paid[3] == "completed"
    refund = a_notice(payment, Kind.REFUNDED, amount=100, refund_ref="re_1")
    failed = a_notice(payment, Kind.REFUND_FAILED, amount=100, refund_ref="re_1")
    assert end_of(chain, agreement, payment, [a_notice(payment), refund])[3] == "active"
    again = end_of(chain, agreement, payment, [a_notice(payment), refund, failed])
    assert again[1:] == paid[1:]

"""Money in, money back, and the dates on which it is awaited."""

from __future__ import annotations

from portal.core.events.shapes import (
    Shape,
    code,
    count,
    day,
    event,
    flag,
    group,
    items,
    moment,
    money,
    opaque,
    open_code,
    rate,
    reference,
)

_ID = opaque("pay_01HZY3")
_AGREEMENT = opaque("agr_01HZY3")
_BY = ("debtor", "system", "staff", "lender")
_SYSTEM = ("system", "staff", "lender")
_ALLOCATION = group(
    principal_=money(8_000),
    interest_=money(1_000),
    fees_=money(375),
    penalties_=money(0),
    unallocated_=money(0),
)


_FX = group(
    paid=money(10_870, "USD"),
    rate=rate("1.1594"),
    source=reference("European Central Bank"),
    rate_at=moment(),
    margin_bp=count(150),
    locked_until=moment(),
)


def _payment(**more: Shape) -> dict[str, Shape]:
    """Make the fields that every event of a payment carries."""
    return {
        "id": _ID,
        "amount_": money(9_375),
        "agreement_": _AGREEMENT,
        "installment_": count(1),
        "installments_": items(count(1), most=120),
        "method_": open_code("card"),
        "channel_": code("portal", "mandate", "elsewhere", "link"),
        "provider_": open_code("stripe"),
        "provider_ref_": opaque("pi_3NmAb2"),
        "purpose_": open_code("installment"),
        "fx_": _FX,
        **more,
    }


def _installment(**more: Shape) -> dict[str, Shape]:
    """Make the fields that every event of an installment carries."""
    return {
        "agreement": _AGREEMENT,
        "number": count(2),
        "due_on": day("2027-02-05"),
        "amount": money(9_375),
        **more,
    }


def _mandate(**more: Shape) -> dict[str, Shape]:
    """Make the fields that every event of a mandate carries."""
    return {
        "id": opaque("mnd_01HZY3"),
        "agreement_": _AGREEMENT,
        "method_": open_code("bacs_debit"),
        "provider_": open_code("stripe"),
        "provider_ref_": opaque("seti_1NmAb2"),
        **more,
    }


EVENTS = (
    event("payment.started", "The debtor went to the payment page.", by=_BY, carries=group(**_payment())),
    event(
        "payment.pending",
        "The bank has the order; the money is not certain yet.",
        by=_BY,
        carries=group(**_payment(expected_on_=day("2027-01-08"))),
    ),
    event(
        "payment.succeeded",
        "The money is certain; says which parts of the debt it settled.",
        by=_BY,
        carries=group(
            **_payment(
                allocation_=_ALLOCATION,
                balance_=money(103_125),
                arrears_=money(0),
                paid_at_=moment("2027-01-05T10:12:00.000Z"),
                lender_ref_=reference("BACS 2027-01-05 / 7731"),
            )
        ),
    ),
    event(
        "payment.sent_back",
        "Money for which there is no payment went back the way it came.",
        by=("system",),
        scope="lender",
        carries=group(
            id=opaque("ums_01HZY3"),
            amount=money(7_500),
            provider=open_code("stripe"),
            refund_=opaque("re_3NmAb2"),
        ),
    ),
    event(
        "payout.recorded",
        "Money that came in for a creditor was paid out to it; says what is still held for it.",
        by=("staff", "lender"),
        scope="lender",
        carries=group(
            id=opaque("po_01HZY3"),
            amount=money(120_000),
            on=day("2026-12-04"),
            reference=reference("SEPA 2026-12-04 / 118"),
            held=money(0),
        ),
    ),
    event(
        "payment.valued",
        "A payment in another currency was valued by the market's rate: what it is worth, the margin, gain or loss.",
        by=("system",),
        carries=group(
            id=_ID,
            paid=money(10_870, "USD"),
            settles=money(9_375),
            worth=money(9_402),
            margin=money(141),
            result=money(-114),
            rate=rate("1.1561"),
            source=reference("European Central Bank"),
            rate_at=moment(),
        ),
    ),
    event(
        "payment.failed",
        "A payment did not go through; nothing was taken.",
        by=_BY,
        carries=group(**_payment(reason_=open_code("card_declined"), is_retryable_=flag())),
    ),
    event(
        "payment.unknown",
        "The payment provider did not say what became of a payment; the portal keeps asking.",
        by=_BY,
        carries=group(**_payment(since_=moment(), next_check_at_=moment("2026-12-01T09:35:00.000Z"))),
    ),
    event(
        "payment.refunded",
        "The lender gave a payment back, in full or in part.",
        by=_BY,
        carries=group(
            **_payment(
                refund_=opaque("rfn_01HZY3"),
                refunded=money(9_375),
                reason_=open_code("requested"),
                balance_=money(1),
            )
        ),
    ),
    event(
        "payment.refund_failed",
        "A refund did not reach the debtor; the sum counts for the account again.",
        by=_SYSTEM,
        carries=group(**_payment(refund_=opaque("rfn_01HZY3"), failed=money(9_375), balance_=money(93_750))),
    ),
    event(
        "payment.disputed",
        "The debtor's bank questions a payment; the money may go back.",
        by=_SYSTEM,
        carries=group(
            **_payment(
                chargeback_=opaque("dp_1NmAb2"),
                reason_=open_code("fraudulent"),
                respond_by_=moment("2027-01-20T23:59:59.000Z"),
            )
        ),
    ),
    event(
        "payment.returned",
        "The bank took a payment back, after a chargeback or a returned debit.",
        by=_SYSTEM,
        carries=group(
            **_payment(
                returned_=money(9_375), reason_=open_code("insufficient_funds"), balance_=money(112_500)
            )
        ),
    ),
    event(
        "receipt.issued",
        "The debtor got a receipt.",
        by=_BY,
        carries=group(
            id=opaque("rcp_01HZY3"), payment=_ID, amount_=money(9_375), number_=opaque("R-2027-000017")
        ),
    ),
    event(
        "installment.upcoming",
        "An installment falls due within days.",
        by=_SYSTEM,
        carries=group(**_installment()),
    ),
    event("installment.due", "An installment falls due today.", by=_SYSTEM, carries=group(**_installment())),
    event(
        "installment.paid",
        "An installment is paid in full.",
        by=_BY,
        carries=group(
            **_installment(payment_=_ID, paid_=money(9_375), is_late_=flag(), paid_on_=day("2027-02-04"))
        ),
    ),
    event(
        "installment.missed",
        "An installment was not paid by the end of its grace days.",
        by=_SYSTEM,
        carries=group(
            **_installment(
                paid_=money(0), arrears_=money(9_375), missed_=count(1), grace_until_=day("2027-02-10")
            )
        ),
    ),
    event(
        "installment.moved",
        "An installment got another date by a rule of the agreement.",
        by=("debtor", "counselor", *_SYSTEM),
        carries=group(**_installment(before_on=day("2027-01-28"), reason_=open_code("payday"))),
    ),
    event(
        "gift.changed",
        "A code by which somebody else can pay was made, or ended; the code itself is never told.",
        by=("debtor", *_SYSTEM),
        carries=group(id=opaque("gft_01HZY3"), amount=money(5_000), is_open=flag(), until_=day("2027-01-05")),
    ),
    event(
        "debit.announced",
        "A debit is told beforehand, with its day and until when it can be stopped.",
        by=_SYSTEM,
        carries=group(
            mandate=opaque("mnd_01HZY3"),
            agreement_=_AGREEMENT,
            number=count(2),
            amount=money(9_375),
            debit_on=day("2027-02-05"),
            stop_until_=day("2027-02-04"),
        ),
    ),
    event(
        "debit.changed",
        "The debtor stopped one debit or moved it to another day.",
        by=("debtor", *_SYSTEM),
        carries=group(
            mandate=opaque("mnd_01HZY3"),
            number=count(2),
            amount=money(9_375),
            is_stopped=flag(),
            debit_on_=day("2027-02-09"),
        ),
    ),
    event(
        "mandate.created",
        "The debtor allowed payments to be collected.",
        by=_BY,
        carries=group(**_mandate(starts_on_=day("2027-01-05"))),
    ),
    event(
        "mandate.changed",
        "The debtor changed how payments are collected.",
        by=_BY,
        carries=group(
            **_mandate(changed_=items(open_code("method"), most=10), replaces_=opaque("mnd_01HZY2"))
        ),
    ),
    event(
        "mandate.canceled",
        "Payments are not collected any more.",
        by=_BY,
        carries=group(**_mandate(reason_=open_code("debtor"))),
    ),
)

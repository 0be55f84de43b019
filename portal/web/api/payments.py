"""Payments: those made here, and those that the lender took elsewhere."""

from datetime import date, datetime
from typing import Annotated, Any, cast

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from portal.actions.payments.money_sides import destination_of
from portal.actions.payments.take_payment_elsewhere import take_payment_elsewhere
from portal.actions.payments.telling import rate_text
from portal.core.fx import FxQuote, deal_of
from portal.core.imports.acts import METHODS
from portal.core.states import PAYMENT
from portal.store import accounts, payments
from portal.store.payments import Payment
from portal.web.api import paging, views
from portal.web.api.accounts import work
from portal.web.api.models import Code, Money, OneOf, Ref, Strict
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import PREFIX, Query, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_payments", __name__)

_STATES = tuple(sorted(PAYMENT))


class FxView(BaseModel):
    """The price of a payment that was made in another currency than the debt's."""

    paid: Annotated[Money, Field(description="What was charged.")]
    rate: Annotated[
        str, Field(description="Major units of the pay currency for one of the debt's.", examples=["0.9231"])
    ]
    source: Annotated[str, Field(description="Who says so.")]
    rate_at: datetime
    margin_bp: Annotated[int, Field(description="Your margin in the price; 100 are one percent.")]
    margin: Annotated[Money, Field(description="What the margin is worth, in the debt's currency.")]
    quoted_at: datetime
    locked_until: datetime


class PaymentView(BaseModel):
    """One payment and what it settled."""

    id: str
    account: str
    amount: Money
    refunded: Money
    purpose: str
    provider: Annotated[str, Field(description="`elsewhere` for one that you told.")]
    provider_ref: str | None
    method: str | None
    state: Annotated[str, OneOf(_STATES)]
    started_at: datetime
    settled_at: datetime | None
    value_on: date | None
    receipt_number: str | None
    allocation: dict[str, Any] | None
    fx: Annotated[FxView | None, Field(description="Null where it was made in the debt's own currency.")]
    destination: Annotated[
        str | None,
        Field(description="The creditor's own account at the provider, where the money goes there."),
    ]


class PaymentPage(BaseModel):
    payments: list[PaymentView]
    next: Annotated[str | None, Field(description="The `after` of the next page; null on the last one.")]


class PaymentBody(Strict):
    """A payment that reached you another way. The same `reference` again changes nothing."""

    account: Ref
    amount: Money
    reference: Annotated[
        Code, Field(description="Your own number of this payment.", examples=["BANK-20261201-7"])
    ]
    method: Annotated[str, OneOf(METHODS)]
    paid_on: date


def _view(payment: Payment, account_ref: str) -> PaymentView:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=payment.currency)

    return PaymentView(
        id=payment.payment_ref,
        account=account_ref,
        amount=money(payment.amount_minor),
        refunded=money(payment.refunded_minor),
        purpose=payment.purpose,
        provider=payment.gateway,
        provider_ref=payment.gateway_ref,
        method=payment.method,
        state=cast("Any", payment.state),
        started_at=payment.started_at,
        settled_at=payment.settled_at,
        value_on=payment.value_on,
        receipt_number=payment.receipt_number,
        allocation=dict(payment.allocation) if payment.allocation else None,
        fx=_fx(deal_of(payment.quote)),
        destination=destination_of(payment),
    )


def _fx(deal: FxQuote | None) -> FxView | None:
    if deal is None:
        return None
    return FxView(
        paid=Money(minor=deal.pay.minor, currency=deal.pay.currency),
        rate=rate_text(deal.rate.value),
        source=deal.rate.source,
        rate_at=deal.rate.at,
        margin_bp=deal.margin_bp,
        margin=Money(minor=deal.worth_minor - deal.debt.minor, currency=deal.debt.currency),
        quoted_at=deal.quoted_at,
        locked_until=deal.locked_until,
    )


@route(
    blueprint,
    Route(
        method="GET",
        path="/payments",
        scope="payments:read",
        summary="List payments, the newest first",
        answers={200: PaymentPage},
        problems=(400, 404),
        queries=(
            Query(
                name="account",
                schema={"type": "string", "minLength": 1, "maxLength": 80},
                about="Only of this account.",
            ),
            Query(
                name="state", schema={"type": "string", "enum": list(_STATES)}, about="Only in this state."
            ),
            paging.AFTER_ID,
            paging.LIMIT,
        ),
    ),
)
def list_payments() -> Response:
    most, after = paging.limit(), paging.after_id()
    state, ref = views.word_of("state", _STATES), views.text_of("account", 80)
    with work().read() as tx:
        account = accounts.find_account(tx, account_ref=views.account_ref(ref)) if ref else None
        if ref and account is None:
            raise not_found("account")
        found = payments.list_page(
            tx,
            before=after,
            limit=most + 1,
            account_id=account.account_id if account else None,
            state=state,
        )
    page, last = paging.cut(found, most)
    more = str(last[0].payment_id) if last else None
    return json_answer(PaymentPage(payments=[_view(*one) for one in page], next=more))


def _find(ref: str) -> PaymentView:
    with work().read() as tx:
        payment = payments.find_payment(tx, payment_ref=views.plain(ref, "payment"))
        account = accounts.find_account(tx, account_id=payment.account_id) if payment else None
    if payment is None or account is None:
        raise not_found("payment")
    return _view(payment, account.account_ref)


@route(
    blueprint,
    Route(
        method="GET",
        path="/payments/{payment_ref}",
        scope="payments:read",
        summary="See one payment",
        answers={200: PaymentView},
        problems=(404,),
    ),
)
def show_payment(payment_ref: str) -> Response:
    return json_answer(_find(payment_ref))


@route(
    blueprint,
    Route(
        method="POST",
        path="/payments",
        scope="payments:write",
        summary="Tell a payment that was made elsewhere",
        body=PaymentBody,
        answers={200: PaymentView, 201: PaymentView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def add_payment(body: PaymentBody) -> Response:
    done = take_payment_elsewhere(
        work(),
        account_ref=views.account_ref(body.account),
        amount_minor=body.amount.minor,
        currency=body.amount.currency,
        reference=body.reference,
        method=body.method,
        paid_on=body.paid_on,
        now=portal().clock.now(),
    )
    if done.kind == "unknown":
        raise not_found("account")
    if done.payment_ref is None:
        raise _refusal(done.kind, done.currency)
    return json_answer(
        _find(done.payment_ref),
        201 if done.kind == "taken" else 200,
        location=f"{PREFIX}/payments/{done.payment_ref}",
    )


def _refusal(kind: str, currency: str) -> RefusedError:
    if kind == "settled":
        return RefusedError(
            409, "Nothing is open here", detail="The account is settled, closed or recalled.", reason=kind
        )
    if kind == "other_payment":
        return refuse_field(
            "/reference",
            kind,
            "This reference stands for another payment.",
            "Send each payment under its own.",
            status=409,
        )
    field, detail, fix = {
        "amount": ("/amount/minor", "A payment is above zero.", "Send the amount that was paid."),
        "other_currency": (
            "/amount/currency",
            "The account has another currency.",
            f"Send it in {currency}.",
        ),
        "future": ("/paid_on", "This day is still to come.", "Send the day on which it was paid."),
    }[kind]
    return refuse_field(field, kind, detail, fix)

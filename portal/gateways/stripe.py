"""Stripe behind one class: what we ask it for, in our words, with every answer a value.

Nothing here raises for what a provider or a network does. A time-out or a broken line is `PaymentUnknown`: the attempt
may have gone through, so it is asked about, or repeated under the same key (the id of our payment attempt), which
makes the provider give its first answer again. Connect and read are bounded; the page of the provider is reached by a
full redirect, so no card number ever comes near the portal.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import stripe

from portal.core.money import Money
from portal.core.payments import (
    CheckoutStarted,
    CustomerKept,
    MethodDetached,
    NoticeRefused,
    PageWish,
    PaymentAbsent,
    PaymentNotice,
    PaymentRefused,
    PaymentState,
    PaymentTrouble,
    PaymentUnknown,
    RefundStarted,
)
from portal.gateways import stripe_notices
from portal.gateways.stripe_amounts import from_wire, wire_of
from portal.gateways.stripe_client import open_client
from portal.gateways.stripe_pages import page_params
from portal.gateways.stripe_states import plain, state_of_intent, state_of_session, trouble

API_BASE = "https://api.stripe.com"
TIMEOUTS_S = (5.0, 15.0)  # connect, read
RETRIES_MAX = 2
METHODS_RENAMED = "2026-09-30"
"""Since this version a page names the ways to pay as `allowed_payment_method_types`."""
_REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})
_CHARGE = ["payment_intent.latest_charge"]

Params = dict[str, Any]
Asked = TypeVar("Asked")


class StripeGateway:
    """One Stripe account, reached by its secret key. Safe to use from many threads."""

    name = "stripe"
    passes_on = True
    """Money can go on to a creditor's account by itself (Connect destination charges)."""

    def __init__(
        self,
        *,
        secret_key: str,
        api_base: str = API_BASE,
        timeouts: tuple[float, float] = TIMEOUTS_S,
        retries: int = RETRIES_MAX,
        api_version: str | None = None,
    ) -> None:
        client = open_client(
            secret_key=secret_key,
            api_base=api_base,
            timeouts=timeouts,
            retries=retries,
            api_version=api_version,
        )
        self._v1: Any = client.v1
        self._is_older = api_version is not None and api_version < METHODS_RENAMED
        self._methods = "payment_method_types" if self._is_older else "allowed_payment_method_types"
        self.is_live = secret_key.startswith(("sk_live_", "rk_live_"))

    def start_checkout(
        self,
        *,
        attempt: UUID | str,
        amount: Money,
        label: str,
        page: PageWish,
        customer_ref: str | None = None,
        keeps_method: bool = False,
        destination: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> CheckoutStarted | PaymentTrouble:
        """Make the provider's page for one attempt. `label` is what the debtor reads there: nothing about a debt.

        Repeating the call within a day with the same attempt, figures and page gives the same page; with others it is
        refused as `idempotency`.
        """
        wire = wire_of(amount)
        if wire is None:
            return PaymentRefused(code="amount_not_payable")
        notes = {**(metadata or {}), "attempt": str(attempt), "flow": "checkout"}
        payment: Params = {"metadata": notes}
        if keeps_method:
            payment["setup_future_usage"] = "off_session"
        if destination:
            payment["transfer_data"] = {"destination": destination}
        price = {"unit_amount": wire[0], "currency": wire[1], "product_data": {"name": label}}
        items = [{"price_data": price, "quantity": 1}]
        params = {
            "mode": "payment",
            "line_items": items,
            "payment_intent_data": payment,
            "submit_type": "pay",
        }
        params |= page_params(page, notes, customer_ref, methods_as=self._methods)
        return self._open_page(params, key=str(attempt))

    def start_setup(
        self,
        *,
        attempt: UUID | str,
        customer_ref: str,
        currency: str,
        page: PageWish,
        metadata: Mapping[str, str] | None = None,
    ) -> CheckoutStarted | PaymentTrouble:
        """Make the provider's page on which a way to pay is kept for later debits; nothing is charged there."""
        notes = {**(metadata or {}), "attempt": str(attempt), "flow": "setup"}
        params: Params = {
            "mode": "setup",
            "currency": currency.lower(),
            "setup_intent_data": {"metadata": notes},
        }
        return self._open_page(
            params | page_params(page, notes, customer_ref, methods_as=self._methods), key=str(attempt)
        )

    def _open_page(self, params: Params, *, key: str) -> CheckoutStarted | PaymentTrouble:
        def ask() -> CheckoutStarted | PaymentTrouble:
            session = self._v1.checkout.sessions.create(params, {"idempotency_key": key})
            if not session.url:  # an answer of long ago: its page is closed
                return PaymentUnknown(code="no_page")
            ends = datetime.fromtimestamp(session.expires_at, UTC)
            return CheckoutStarted(session_id=session.id, url=session.url, expires_at=ends)

        return _asked(ask)

    def charge_kept(
        self,
        *,
        attempt: UUID | str,
        amount: Money,
        customer_ref: str,
        method_ref: str,
        label: str,
        method: str = "card",
        destination: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> PaymentState | PaymentTrouble:
        """Debit a kept method while the debtor is away, once per attempt however often it is asked.

        `method` is the kind of the kept method; only older versions of the API want to hear it.
        """
        wire = wire_of(amount)
        if wire is None:
            return PaymentRefused(code="amount_not_payable")
        params: Params = {
            "amount": wire[0],
            "currency": wire[1],
            "customer": customer_ref,
            "payment_method": method_ref,
            "confirm": True,
            "off_session": True,
            **self._debited(method),
            "description": label,
            "metadata": {**(metadata or {}), "attempt": str(attempt), "flow": "debit"},
            "expand": ["latest_charge"],
        }
        if destination:
            params["transfer_data"] = {"destination": destination}
        create = self._v1.payment_intents.create
        return _asked(lambda: state_of_intent(create(params, {"idempotency_key": str(attempt)})))

    def _debited(self, method: str) -> Params:
        if self._is_older:
            return {"payment_method_types": [method]}
        return {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}

    def find_payment(
        self,
        *,
        session_ref: str | None = None,
        payment_ref: str | None = None,
        customer_ref: str | None = None,
        attempt: UUID | str | None = None,
    ) -> PaymentState | PaymentTrouble:
        """Ask where an attempt stands, by the best name that we have for it.

        By session or payment reference, else among the customer's payments, else by search for the attempt's id
        (Stripe's search may lag by a minute: `PaymentAbsent` is then no proof).
        """
        if session_ref:
            expand = [*_CHARGE, "setup_intent.payment_method"]
            return _asked(
                lambda: state_of_session(self._v1.checkout.sessions.retrieve(session_ref, {"expand": expand}))
            )
        if payment_ref:
            return _asked(
                lambda: state_of_intent(
                    self._v1.payment_intents.retrieve(payment_ref, {"expand": ["latest_charge"]})
                )
            )
        if not attempt:
            raise ValueError("name the payment: session_ref, payment_ref or attempt")
        return _asked(lambda: self._look_for(str(attempt), customer_ref))

    def _look_for(self, attempt: str, customer_ref: str | None) -> PaymentState | PaymentAbsent:
        intents = self._v1.payment_intents
        expand = ["data.latest_charge"]
        if customer_ref:
            found: Any = intents.list({"customer": customer_ref, "limit": 100, "expand": expand})
        else:
            wanted = attempt.replace("\\", "").replace("'", "")
            found = intents.search({"query": f"metadata['attempt']:'{wanted}'", "expand": expand})
        for intent in found.auto_paging_iter():
            if plain(intent.metadata).get("attempt") == attempt:
                return state_of_intent(intent)
        return PaymentAbsent()

    def refund(
        self,
        *,
        key: UUID | str,
        payment_ref: str,
        amount: Money,
        reason: str | None = None,
        takes_back: bool = False,
    ) -> RefundStarted | PaymentTrouble:
        """Pay back a part or all of a payment, once per `key` (the id of our refund).

        `takes_back`: what went on to a creditor's account comes from there, in proportion.
        """
        wire = wire_of(amount)
        if wire is None:
            return PaymentRefused(code="amount_not_payable")
        params: Params = {
            "payment_intent": payment_ref,
            "amount": wire[0],
            "metadata": {"refund": str(key)},
        }
        if reason in _REASONS:
            params["reason"] = reason
        if takes_back:
            params["reverse_transfer"] = True

        def ask() -> RefundStarted:
            made = self._v1.refunds.create(params, {"idempotency_key": f"refund-{key}"})
            state = made.status if made.status in ("succeeded", "failed") else "pending"
            return RefundStarted(
                refund_ref=made.id, state=str(state), amount=from_wire(made.amount, made.currency)
            )

        return _asked(ask)

    def keep_customer(self, *, debtor_ref: str) -> CustomerKept | PaymentTrouble:
        """Make the provider's record of a debtor: an opaque reference, no name, no number, no address."""
        params: Params = {"metadata": {"debtor": debtor_ref}}
        key = {"idempotency_key": f"customer-{debtor_ref}"}
        return _asked(lambda: CustomerKept(customer_ref=self._v1.customers.create(params, key).id))

    def forget_method(self, *, method_ref: str) -> MethodDetached | PaymentTrouble:
        """Let go of a kept method: no later debit can use it."""
        detach = self._v1.payment_methods.detach
        return _asked(lambda: MethodDetached(method_ref=detach(method_ref).id))

    def close_checkout(self, *, session_ref: str) -> PaymentState | PaymentTrouble:
        """Close a page that nobody has paid on yet, so that an old tab cannot pay a changed plan."""
        expire = self._v1.checkout.sessions.expire
        return _asked(lambda: state_of_session(expire(session_ref, {"expand": [*_CHARGE, "setup_intent"]})))

    def read_event(
        self, *, raw_body: bytes, signature_header: str | None, secret: str | Sequence[str], now: datetime
    ) -> PaymentNotice | NoticeRefused:
        """Verify one event (any of several secrets while they rotate), check its date on both sides, translate it."""
        return stripe_notices.read_event(
            raw_body=raw_body,
            signature_header=signature_header,
            secrets=(secret,) if isinstance(secret, str) else secret,
            now=now,
            is_live=self.is_live,
        )


def _asked(ask: Callable[[], Asked]) -> Asked | PaymentTrouble:
    """Ask, and turn what the library raises into a value."""
    try:
        return ask()
    except stripe.StripeError as error:
        return trouble(error)
    except (KeyError, TypeError, ValueError, AttributeError):
        return PaymentUnknown(code="unreadable_answer")

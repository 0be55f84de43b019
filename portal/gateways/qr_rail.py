"""A rail that Stripe lacks: QR codes of a national switch (QRIS, VietQR, SPEI), behind the same port as Stripe.

The port is what the actions ask of a gateway: `start_checkout`, `find_payment`, `close_checkout`, `refund`, and for its
hook `read_event`. Answers are the values of `core/payments`; nothing here raises for what a switch or a network does. A
code is single use and paid in the debtor's own bank app, so nothing can be kept and debited later. docs/rails.md says
what each method promises and how to meet another switch.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from portal.core.errors import MoneyError
from portal.core.money import Money
from portal.core.payments import (
    TOLERANCE,
    CheckoutStarted,
    Kind,
    NoticeRefused,
    PageWish,
    PaymentAbsent,
    PaymentNotice,
    PaymentRefused,
    PaymentState,
    PaymentTrouble,
    PaymentUnknown,
    RefundStarted,
    is_within_tolerance,
)

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
_STATES = {"open": "started", "paid": "succeeded", "canceled": "canceled"}
#: The scheme whose code is made where no way is named, by currency.
SCHEMES = {"IDR": "qris", "VND": "vietqr", "MXN": "spei", "PHP": "gcash"}
_KINDS = {"code.paid": Kind.SUCCEEDED, "code.canceled": Kind.CANCELED, "code.refunded": Kind.REFUNDED}
Answer = Mapping[str, Any]


class QrRail:
    """One account at a QR switch. Safe to use from many threads."""

    name = "qr"
    passes_on = False

    def __init__(self, *, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.Client(
            timeout=TIMEOUT, headers={"Authorization": f"Bearer {key}"}, trust_env=False
        )

    def start_checkout(
        self,
        *,
        attempt: UUID | str,
        amount: Money,
        label: str,
        page: PageWish,
        destination: str | None = None,
    ) -> CheckoutStarted | PaymentTrouble:
        """Make a code for one attempt; the same attempt gives the same code, another amount is refused."""
        del label, destination  # its page shows an amount and a code, and the money comes to one account
        if amount.currency not in SCHEMES:
            return PaymentRefused(code="currency")
        ask = {
            "reference": str(attempt),
            "amount": amount.minor,
            "currency": amount.currency,
            "scheme": next(iter(page.methods), SCHEMES[amount.currency]),
            "return_url": page.success_url,
        }
        found = self._ask("POST", "/v1/codes", ask)
        if isinstance(found, Mapping):
            return CheckoutStarted(session_id=found["id"], url=found["page"])
        return found

    def find_payment(
        self,
        *,
        session_ref: str | None = None,
        payment_ref: str | None = None,
        attempt: UUID | str | None = None,
    ) -> PaymentState | PaymentTrouble:
        """Ask where an attempt stands, by the code's id or by the attempt's."""
        named = session_ref or payment_ref
        found = self._ask("GET", f"/v1/codes/{named}" if named else f"/v1/codes?reference={attempt}")
        return _state(found) if isinstance(found, Mapping) else found

    def close_checkout(self, *, session_ref: str) -> PaymentState | PaymentTrouble:
        """Cancel a code that nobody has paid yet."""
        found = self._ask("POST", f"/v1/codes/{session_ref}/cancel", {})
        return _state(found) if isinstance(found, Mapping) else found

    def refund(
        self,
        *,
        key: UUID | str,
        payment_ref: str,
        amount: Money,
        reason: str | None = None,
        takes_back: bool = False,
    ) -> RefundStarted | PaymentTrouble:
        """Give back a part or all of a payment, once per key."""
        del reason, takes_back
        found = self._ask(
            "POST", f"/v1/codes/{payment_ref}/refunds", {"key": str(key), "amount": amount.minor}
        )
        if isinstance(found, Mapping):
            return RefundStarted(refund_ref=found["id"], state=found["state"], amount=amount)
        return found

    def read_event(
        self, *, raw_body: bytes, signature_header: str | None, secret: str | Sequence[str], now: datetime
    ) -> PaymentNotice | NoticeRefused:
        """Verify one notice (any of several secrets while they rotate), check its dates, translate it; never raises.

        It is signed within five minutes of now on both sides. What it tells may be older, because a switch tries again
        for days, but never of a moment to come.
        """
        stamp, _, given = (signature_header or "").partition(",v1=")
        stamp = stamp.removeprefix("t=")
        secrets = (secret,) if isinstance(secret, str) else secret
        if (
            not stamp.isascii()
            or not stamp.isdigit()
            or not any(_fits(given, f"{stamp}.".encode() + raw_body, one) for one in secrets)
        ):
            return NoticeRefused(reason="signature")
        try:
            if not is_within_tolerance(at=datetime.fromtimestamp(int(stamp), UTC), now=now):
                return NoticeRefused(reason="stale")
            notice = _notice(json.loads(raw_body))
            return NoticeRefused(reason="future") if notice.at > now + TOLERANCE else notice
        except (ValueError, KeyError, TypeError, OverflowError, OSError, MoneyError):
            return NoticeRefused(reason="malformed")

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer | PaymentTrouble:
        try:
            answer = self._client.request(method, self._url + path, json=body)
        except httpx.HTTPError:
            return PaymentUnknown(code="no_answer")
        if answer.status_code == 404:
            return PaymentAbsent()
        if answer.status_code >= 500 or answer.status_code == 429:
            return PaymentUnknown(code=f"status_{answer.status_code}")
        try:
            found: Answer = answer.json()
        except ValueError:
            return PaymentUnknown(code="unreadable_answer")
        return found if answer.is_success else PaymentRefused(code=str(found.get("error", "refused"))[:40])


def _fits(given: str, signed: bytes, secret: str) -> bool:
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.encode(), wanted.encode())


def _state(code: Answer) -> PaymentState:
    back = code.get("refunded", 0)
    return PaymentState(
        state=_STATES[code["state"]],
        session_ref=code["id"],
        payment_ref=code["id"],
        method=code["scheme"],
        amount=Money(code["amount"], code["currency"]),
        refunded=Money(back, code["currency"]) if back else None,
    )


def _notice(told: Mapping[str, Any]) -> PaymentNotice:
    code = told["code"]
    is_refund = told["type"] == "code.refunded"
    return PaymentNotice(
        event_id=told["id"],
        event_type=told["type"],
        kind=_KINDS.get(told["type"], Kind.IGNORED),
        at=datetime.fromtimestamp(told["at"], UTC),
        attempt=code["reference"],
        session_ref=code["id"],
        payment_ref=code["id"],
        refund_ref=told["refund"] if is_refund else None,
        method=code["scheme"],
        amount=Money(told["refund_amount"] if is_refund else code["amount"], code["currency"]),
        is_final=is_refund,
    )

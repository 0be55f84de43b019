"""Stripe's events in our words: verified, dated within tolerance on both sides, translated to a `PaymentNotice`."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from stripe import SignatureVerificationError, WebhookSignature

from portal.core.money import Money
from portal.core.payments import (
    Kind,
    NoticeRefused,
    PaymentNotice,
    is_hard_decline,
    is_within_tolerance,
)
from portal.gateways.stripe_amounts import from_wire

Thing = Mapping[str, Any]
_ABOUT_MONEY = frozenset({Kind.SUCCEEDED, Kind.REFUNDED, Kind.REFUND_FAILED, Kind.DISPUTED})
#: `next_action` of a payment that waits for money from a voucher, a QR code or a transfer, not for a tap on a page.
_LATER = ("_display_qr_code", "_display_details", "display_bank_transfer_instructions")


def read_event(
    *,
    raw_body: bytes,
    signature_header: str | None,
    secrets: Sequence[str],
    now: datetime,
    is_live: bool | None = None,
) -> PaymentNotice | NoticeRefused:
    """Verify one event against any of the secrets in force and translate it; never raises for what was sent."""
    signed_at = _signed_at(raw_body, signature_header, secrets)
    if signed_at is None:
        return NoticeRefused(reason="signature")
    if not is_within_tolerance(at=signed_at, now=now):
        return NoticeRefused(reason="future" if signed_at > now else "stale")
    try:
        event = json.loads(raw_body)
        head = _head(event)
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        return NoticeRefused(reason="malformed")
    if is_live is not None and event.get("livemode") is not is_live:
        return NoticeRefused(reason="mode")
    if head.at > now and not is_within_tolerance(at=head.at, now=now):
        return NoticeRefused(reason="future")
    return _translated(event, head)


def _signed_at(raw_body: bytes, header: str | None, secrets: Sequence[str]) -> datetime | None:
    if not header or not all(secrets):
        return None
    for secret in secrets:
        try:
            WebhookSignature.verify_header(raw_body, header, secret, tolerance=None)
            stamp = next(item[2:] for item in header.split(",") if item.startswith("t="))
            return datetime.fromtimestamp(int(stamp), UTC)
        except (SignatureVerificationError, ValueError, StopIteration, OverflowError, OSError):
            continue
    return None


def _head(event: Thing) -> PaymentNotice:
    identifier, kind = event["id"], event["type"]
    if not isinstance(identifier, str) or not isinstance(kind, str) or not 0 < len(identifier) <= 255:
        raise TypeError
    at = datetime.fromtimestamp(int(event["created"]), UTC)
    return PaymentNotice(event_id=identifier, event_type=kind, kind=Kind.IGNORED, at=at)


def _translated(event: Thing, head: PaymentNotice) -> PaymentNotice:
    """Fill the notice from the object; what does not have the shape that we know is parked, not an error."""
    reader = _READERS.get(head.event_type)
    if reader is None:
        return head
    try:
        notice = replace(head, **reader(event["data"]["object"]))
        if notice.kind in _ABOUT_MONEY and (notice.amount is None or notice.amount.minor < 0):
            return replace(head, kind=Kind.UNREADABLE)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        return replace(head, kind=Kind.UNREADABLE)
    return notice


def _reference(value: Any) -> str | None:
    """Read a reference that may be written out in full; raises TypeError for anything else."""
    found = value["id"] if isinstance(value, dict) else value
    if found is not None and not (isinstance(found, str) and 0 < len(found) <= 255):
        raise TypeError
    return found


def _own(thing: Thing) -> str:
    """Read the object's own id; raises TypeError when it has none."""
    found = _reference(thing["id"])
    if found is None:
        raise TypeError
    return found


def _metadata(thing: Thing) -> dict[str, str]:
    return {str(key): str(value) for key, value in (thing.get("metadata") or {}).items()}


def _money(thing: Thing, name: str) -> Money | None:
    minor = thing.get(name)
    return None if minor is None else from_wire(int(minor), str(thing["currency"]))


def _session(thing: Thing, kind: Kind) -> dict[str, Any]:
    metadata = _metadata(thing)
    return {
        "kind": kind,
        "attempt": metadata.get("attempt") or _reference(thing.get("client_reference_id")),
        "session_ref": _own(thing),
        "payment_ref": _reference(thing.get("payment_intent")),
        "customer_ref": _reference(thing.get("customer")),
        "amount": _money(thing, "amount_total"),
        "metadata": metadata,
    }


def _completed(thing: Thing) -> dict[str, Any]:
    if thing["mode"] != "payment":
        return _session(thing, Kind.IGNORED)  # what a setup session kept is told by its setup intent
    return _session(thing, Kind.PENDING if thing["payment_status"] == "unpaid" else Kind.SUCCEEDED)


def _intent(thing: Thing, kind: Kind, amount: str = "amount") -> dict[str, Any]:
    metadata = _metadata(thing)
    types = thing.get("payment_method_types") or []
    return {
        "kind": kind,
        "attempt": metadata.get("attempt"),
        "payment_ref": _own(thing),
        "customer_ref": _reference(thing.get("customer")),
        "method_ref": _reference(thing.get("payment_method")),
        "method": types[0] if len(types) == 1 else None,
        "amount": _money(thing, amount),
        "metadata": metadata,
    }


def _intent_failed(thing: Thing) -> dict[str, Any]:
    error = thing.get("last_payment_error") or {}
    code = error.get("decline_code") or error.get("code")
    is_on_page = _metadata(thing).get("flow") == "checkout"
    kept = _intent(thing, Kind.DECLINED if is_on_page else Kind.FAILED)
    method = error.get("payment_method") or {}
    return kept | {
        "decline_code": code,
        "is_final": is_hard_decline(code),
        "method": kept["method"] or (method.get("type") if isinstance(method, dict) else None),
    }


def _intent_waits(thing: Thing) -> dict[str, Any]:
    kind, method, voucher = waiting_for(thing)
    kept = _intent(thing, Kind.PENDING if kind else Kind.IGNORED)
    return kept | {"method": method or kept["method"], "voucher_url": voucher}


def waiting_for(intent: Thing) -> tuple[bool, str | None, str | None]:
    """Say whether a payment waits for money from a voucher, a QR code or a transfer, by which method, and its page."""
    action = intent.get("next_action") or {}
    name = action.get("type") or ""
    ending = next((one for one in _LATER if name.endswith(one)), None)
    if ending is None:
        return False, None, None
    details = action.get(name) or {}
    page = details.get("hosted_voucher_url") or details.get("hosted_instructions_url")
    is_page = isinstance(page, str) and page.startswith(("https://", "http://")) and len(page) < 1_000
    return True, name.removesuffix(ending) or "customer_balance", page if is_page else None


def _charge_refunded(thing: Thing) -> dict[str, Any]:
    metadata = _metadata(thing)
    return {
        "kind": Kind.REFUNDED,
        "attempt": metadata.get("attempt"),
        "payment_ref": _reference(thing["payment_intent"]),
        "customer_ref": _reference(thing.get("customer")),
        "method": (thing.get("payment_method_details") or {}).get("type"),
        "amount": _money(thing, "amount_refunded"),
        "metadata": metadata,
    }


def _refund(thing: Thing) -> dict[str, Any]:
    return {
        "kind": Kind.REFUND_FAILED if thing["status"] in ("failed", "canceled") else Kind.REFUNDED,
        "payment_ref": _reference(thing["payment_intent"]),
        "refund_ref": _own(thing),
        "amount": _money(thing, "amount"),
        "reason": thing.get("failure_reason"),
        "is_final": thing["status"] == "succeeded",
        "metadata": _metadata(thing),
    }


def _dispute(thing: Thing, kind: Kind) -> dict[str, Any]:
    due = (thing.get("evidence_details") or {}).get("due_by")
    return {
        "kind": kind,
        "payment_ref": _reference(thing["payment_intent"]),
        "dispute_ref": _own(thing),
        "amount": _money(thing, "amount"),
        "reason": thing.get("reason"),
        "respond_by": datetime.fromtimestamp(due, UTC).date() if due else None,
        "metadata": _metadata(thing),
    }


def _dispute_closed(thing: Thing) -> dict[str, Any]:
    return _dispute(thing, Kind.DISPUTE_LOST if thing["status"] == "lost" else Kind.DISPUTE_WON)


def _setup(thing: Thing, kind: Kind) -> dict[str, Any]:
    error = thing.get("last_setup_error") or {}
    code = error.get("decline_code") or error.get("code")
    metadata = _metadata(thing)
    types = thing.get("payment_method_types") or []
    return {
        "kind": kind,
        "attempt": metadata.get("attempt"),
        "customer_ref": _reference(thing.get("customer")),
        "method_ref": _reference(thing.get("payment_method")),
        "method": types[0] if len(types) == 1 else None,
        "decline_code": code,
        "is_final": is_hard_decline(code),
        "metadata": metadata,
    }


def _mandate(thing: Thing) -> dict[str, Any]:
    kind = Kind.METHOD_REMOVED if thing["status"] == "inactive" else Kind.IGNORED
    return {"kind": kind, "method_ref": _reference(thing["payment_method"])}


_READERS: Mapping[str, Callable[[Thing], dict[str, Any]]] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": lambda thing: _session(thing, Kind.SUCCEEDED),
    "checkout.session.async_payment_failed": lambda thing: _session(thing, Kind.FAILED),
    "checkout.session.expired": lambda thing: _session(thing, Kind.CANCELED),
    "payment_intent.succeeded": lambda thing: _intent(thing, Kind.SUCCEEDED, "amount_received"),
    "payment_intent.processing": lambda thing: _intent(thing, Kind.PENDING),
    "payment_intent.requires_action": _intent_waits,
    "payment_intent.payment_failed": _intent_failed,
    "payment_intent.canceled": lambda thing: _intent(thing, Kind.CANCELED),
    "charge.refunded": _charge_refunded,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": lambda thing: _dispute(thing, Kind.DISPUTED),
    "charge.dispute.closed": _dispute_closed,
    "setup_intent.succeeded": lambda thing: _setup(thing, Kind.SETUP_DONE),
    "setup_intent.setup_failed": lambda thing: _setup(thing, Kind.SETUP_FAILED),
    "payment_method.detached": lambda thing: {"kind": Kind.METHOD_REMOVED, "method_ref": _own(thing)},
    "mandate.updated": _mandate,
}
READ_TYPES = frozenset(_READERS)
"""The types of events that change anything here: what an endpoint at Stripe should be asked to send."""

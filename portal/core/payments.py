"""Payments as this product knows them: what a provider said, in our own frozen words.

Providers' words end at the gateway. Actions read these values only, so another rail (STACK.md 5.4) needs no new
action. Events of a provider come late, twice and in any order: a notice says what was true at `at`, not what is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.core.money import Money

TOLERANCE = timedelta(seconds=300)
"""How far a provider's event may lie behind or ahead of our clock (SAFETY.md 3.4: both sides are checked)."""
KEY_LIFE = timedelta(hours=24)
"""How long a provider remembers an idempotency key; after that an attempt is only ever looked up, never repeated."""


class Kind(StrEnum):
    """What a provider tells us.

    `DECLINED` is one try on the provider's page that did not go through while the page stays open for another;
    `FAILED` is the end of the attempt. `IGNORED` is everything that changes nothing here; `UNREADABLE` is a type that
    matters in a shape that we do not know: park it and call a person.
    """

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    DECLINED = "declined"
    FAILED = "failed"
    CANCELED = "canceled"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    SETUP_DONE = "setup_done"
    SETUP_FAILED = "setup_failed"
    METHOD_REMOVED = "method_removed"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentNotice:
    """One message of a provider in our words.

    `event_id` is unique at the provider: keep it once. `attempt` is our own payment attempt's id where the provider
    still knew it. `amount` is what the notice is about: the payment, what has been refunded of it so far in all (for
    `REFUND_FAILED` the sum that came back to us), or the disputed sum. `is_final` is true where the decline will not
    change by trying again, and where a refund has arrived. `reason` is the bank's word for a dispute.
    `voucher_url` leads to the voucher or QR code that the debtor pays with.
    """

    event_id: str
    event_type: str
    kind: Kind
    at: datetime
    attempt: str | None = None
    session_ref: str | None = None
    payment_ref: str | None = None
    refund_ref: str | None = None
    dispute_ref: str | None = None
    customer_ref: str | None = None
    method_ref: str | None = None
    method: str | None = None
    amount: Money | None = None
    decline_code: str | None = None
    is_final: bool = False
    reason: str | None = None
    respond_by: date | None = None
    voucher_url: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRefused:
    """A message that must not be acted on. `reason`: signature, stale, future, mode (test against live), malformed."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PageWish:
    """How the provider's page shall be: where it leads back to, in which language, with which ways to pay, till when.

    Without `methods` the provider offers what fits the currency and the country.
    """

    success_url: str
    cancel_url: str
    language: str | None = None
    methods: tuple[str, ...] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutStarted:
    """The provider's page is ready: send the debtor to `url`."""

    session_id: str
    url: str
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentState:
    """What the provider knows of an attempt when asked. `state` is a state of the payment table in `core/states`."""

    state: str
    session_ref: str | None = None
    payment_ref: str | None = None
    customer_ref: str | None = None
    method_ref: str | None = None
    method: str | None = None
    voucher_url: str | None = None
    amount: Money | None = None
    refunded: Money | None = None
    decline_code: str | None = None
    is_final: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundStarted:
    """The provider took the refund: `state` is succeeded, pending or failed."""

    refund_ref: str
    state: str
    amount: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerKept:
    """The provider's record for a debtor, known to us by an opaque reference only."""

    customer_ref: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MethodDetached:
    """A kept method was let go of; no later debit can use it."""

    method_ref: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentDeclined:
    """The bank or the provider said no to this attempt. `is_final`: the same method will not work later either."""

    code: str
    is_final: bool
    needs_debtor: bool = False
    payment_ref: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRefused:
    """The provider refused the request itself; repeating it gives the same answer. `code` is for the log."""

    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentBusy:
    """The provider asked to come back later and did nothing; the same request may be repeated with the same key."""

    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentUnknown:
    """Nobody knows whether the provider acted: no answer, or a fault in the middle. Ask, never repeat blindly."""

    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentAbsent:
    """The provider has nothing under this name."""


PaymentTrouble = PaymentDeclined | PaymentRefused | PaymentBusy | PaymentUnknown | PaymentAbsent
"""Every answer of a provider that is not the one wished for."""

HARD_DECLINES = frozenset(
    {
        "account_closed",
        "authentication_required",
        "bank_account_restricted",
        "card_not_supported",
        "debit_not_authorized",
        "expired_card",
        "fraudulent",
        "incorrect_number",
        "invalid_account",
        "lost_card",
        "merchant_blacklist",
        "new_account_information_available",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    }
)
"""Declines after which no retry is made: the debtor must act."""


def is_hard_decline(code: str | None) -> bool:
    """Tell whether a decline stays a decline whatever the day: the method itself is gone or forbidden."""
    return code in HARD_DECLINES


def is_within_tolerance(*, at: datetime, now: datetime) -> bool:
    """Tell whether a provider's time stamp lies within `TOLERANCE` of our clock, on both sides."""
    return abs(now - at) <= TOLERANCE


def may_repeat(*, started_at: datetime, now: datetime) -> bool:
    """Tell whether an attempt may still be repeated under its idempotency key, with an hour to spare of `KEY_LIFE`."""
    return now - started_at < KEY_LIFE - timedelta(hours=1)

"""What is known of one payment, in whatever order it was told.

A provider's events come late, twice and in any order (SAFETY.md 3.4). So nothing here depends on the order: each
notice adds facts, adding is a union (of maxima, of sets by reference), and where the payment stands follows from the
facts alone. Facts are plain JSON, kept with the payment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.core.payments import Kind, PaymentNotice

Facts = Mapping[str, Any]
_WORDS = {Kind.PENDING: "pending", Kind.CANCELED: "canceled", Kind.FAILED: "failed"}
_RANK = {"pending": 0, "canceled": 1, "failed": 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a payment stands by all that is known of it; amounts are minor units of its currency.

    `state` is a state of the payment table in `core/states`, None while the provider has said nothing that counts.
    `took` is what came in, `refunded` and `returned` what of it went back by us and by the bank: never more together
    than came in. `code` and `is_final` are of the decline, where the state is failed.
    """

    state: str | None
    took: int = 0
    took_on: date | None = None
    refunded: int = 0
    returned: int = 0
    code: str | None = None
    is_final: bool = False


def learn(facts: Facts, notice: PaymentNotice) -> Facts:
    """Return the facts with those of a notice added; the same facts when it says nothing new."""
    known = dict(facts)
    match notice.kind:
        case Kind.SUCCEEDED:
            known["took"] = _took(known.get("took"), notice)
        case Kind.PENDING | Kind.FAILED | Kind.CANCELED:
            known["word"] = max(known.get("word", ["", -1, "", False]), _word(notice))
        case Kind.REFUNDED if notice.refund_ref is None:
            known["refunded_so_far"] = max(known.get("refunded_so_far", 0), _minor(notice))
        case Kind.REFUNDED | Kind.REFUND_FAILED:
            known["refunds"] = _with_refund(known.get("refunds", {}), notice)
        case Kind.DISPUTED | Kind.DISPUTE_WON | Kind.DISPUTE_LOST:
            known["disputes"] = _with_dispute(known.get("disputes", {}), notice)
        case _:
            pass
    if notice.voucher_url:
        known["voucher"] = max(known.get("voucher", ""), notice.voucher_url)
    return known


def standing(facts: Facts) -> Standing:
    """Return where a payment stands by its facts."""
    took = facts.get("took")
    if took is None:
        return _without_money(facts)
    amount = int(took["minor"])
    refunded = min(_refunded(facts), amount)
    disputes = facts.get("disputes", {}).values()
    lost = sum(int(one["minor"]) for one in disputes if one["end"] == "lost")
    returned = min(lost, amount - refunded)
    return Standing(
        state=_state(
            is_asked=any(one["end"] == "" for one in disputes),
            is_whole=refunded + returned == amount,
            returned=returned,
        ),
        took=amount,
        took_on=date.fromisoformat(took["on"]),
        refunded=refunded,
        returned=returned,
    )


def _without_money(facts: Facts) -> Standing:
    word = facts.get("word")
    if word is None:
        return Standing(state=None)
    _at, rank, code, is_final = word
    state = next(name for name, place in _RANK.items() if place == rank)
    return Standing(state=state, code=code or None, is_final=is_final)


def _state(*, is_asked: bool, is_whole: bool, returned: int) -> str:
    if is_asked:
        return "disputed"
    if not is_whole:
        return "succeeded"
    return "returned" if returned else "refunded"


def _refunded(facts: Facts) -> int:
    """Two witnesses: the refunds one by one, and what was refunded in all at some moment, failed ones included."""
    refunds = facts.get("refunds", {}).values()
    one_by_one = sum(int(one["minor"]) for one in refunds if not one["failed"])
    failed = sum(int(one["minor"]) for one in refunds if one["failed"])
    return max(one_by_one, int(facts.get("refunded_so_far", 0)) - failed)


def _minor(notice: PaymentNotice) -> int:
    return notice.amount.minor if notice.amount is not None else 0


def _took(before: Mapping[str, Any] | None, notice: PaymentNotice) -> dict[str, Any]:
    now = {"minor": _minor(notice), "on": notice.at.date().isoformat()}
    if before is None:
        return now
    return {"minor": max(before["minor"], now["minor"]), "on": min(before["on"], now["on"])}


def _word(notice: PaymentNotice) -> list[Any]:
    state = _WORDS[notice.kind]
    return [_moment(notice.at), _RANK[state], notice.decline_code or "", notice.is_final]


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _with_refund(before: Mapping[str, Any], notice: PaymentNotice) -> dict[str, Any]:
    ref = notice.refund_ref or ""
    old = before.get(ref, {"minor": 0, "failed": False, "arrived": False})
    new = {
        "minor": max(old["minor"], _minor(notice)),
        "failed": old["failed"] or notice.kind is Kind.REFUND_FAILED,
        "arrived": old["arrived"] or (notice.kind is Kind.REFUNDED and notice.is_final),
    }
    return {**before, ref: new}


def _with_dispute(before: Mapping[str, Any], notice: PaymentNotice) -> dict[str, Any]:
    """Two ends of one dispute contradict each other: lost counts, because then the money is gone."""
    ref = notice.dispute_ref or ""
    old = before.get(ref, {"minor": 0, "end": ""})
    end = {Kind.DISPUTE_WON: "won", Kind.DISPUTE_LOST: "lost"}.get(notice.kind, "")
    new = {
        "minor": max(old["minor"], _minor(notice)),
        "end": "lost" if "lost" in (old["end"], end) else old["end"] or end,
    }
    return {**before, ref: new}

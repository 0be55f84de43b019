"""What the lender hears of a plan's life: each act as its event, with the payment that it is about."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from portal.core.life.acts import Act
from portal.core.life.clock import count_days, day_of
from portal.core.life.state import Life, Move, Row
from portal.core.plans.telling import money_payload
from portal.store.event_batches import NewEvent
from portal.store.lives import KeptLife

_OF_ROW = {"upcoming": "installment.upcoming", "due": "installment.due", "missed": "installment.missed"}
_WHY = {"self": "chosen", "split": "split", "replan": "auto_replan", "hold": "hold_over"}


def tell_act(kept: KeptLife, act: Act, before: Life, after: Life) -> list[NewEvent]:
    """Return the events of one act, for each account of the plan; a reminder is told by its message."""
    return [
        NewEvent(
            type=type_,
            at=act.at,
            payload=payload,
            debtor_ref=kept.debtor_ref,
            account_ref=account.account_ref,
            creditor_ref=account.creditor_ref,
        )
        for type_, payload in _told(kept, act, before, after)
        for account in kept.accounts
    ]


def _told(kept: KeptLife, act: Act, before: Life, after: Life) -> Iterator[tuple[str, dict[str, Any]]]:
    row = after.row(act.number)
    if act.kind in _OF_ROW and row is not None:
        payload = row_payload(kept, row)
        if act.kind == "missed":
            payload |= _missed(kept, row, after)
        yield _OF_ROW[act.kind], payload
    elif act.kind in {"resumed", "replanned"}:
        for move in after.moves[len(before.moves) :]:
            yield "installment.moved", move_payload(kept, after, move)
    elif act.kind == "broken":
        yield "agreement.broken", _broken(kept, act, after)


def row_payload(kept: KeptLife, row: Row) -> dict[str, Any]:
    """Return what every event of a payment carries: the amount is what is still open."""
    return {
        "agreement": kept.agreement_ref,
        "number": row.number,
        "due_on": row.due_on.isoformat(),
        "amount": money_payload(row.left, kept.currency),
    }


def move_payload(kept: KeptLife, life: Life, move: Move, *, amount: int | None = None) -> dict[str, Any]:
    """Return what is told of a payment that got another date, and by which rule."""
    row = life.row(move.number)
    left = row.left if row is not None else 0
    return {
        "agreement": kept.agreement_ref,
        "number": move.number,
        "due_on": move.due_on.isoformat(),
        "before_on": move.before_on.isoformat(),
        "amount": money_payload(left if amount is None else amount, kept.currency),
        "reason": _WHY[move.why],
    }


def _missed(kept: KeptLife, row: Row, life: Life) -> dict[str, Any]:
    zone = kept.world.zone
    base = max(row.due_on, day_of(row.since, zone))
    grace = count_days(start=base, days=kept.world.terms.grace_days, pauses=kept.world.pauses)
    until = {} if grace.ends_on is None else {"grace_until": grace.ends_on.isoformat()}
    return {
        "paid": money_payload(row.paid, kept.currency),
        "arrears": money_payload(life.gap, kept.currency),
        "missed": len(life.missed),
        **until,
    }


def _broken(kept: KeptLife, act: Act, life: Life) -> dict[str, Any]:
    missed = len(life.missed)
    return {
        "id": kept.agreement_ref,
        "arrears": money_payload(life.gap, kept.currency),
        "missed": missed,
        "rule": f"{missed}_missed",
        "effective_on": (
            day_of(act.at, kept.world.zone) + timedelta(days=kept.world.terms.cure_days)
        ).isoformat(),
    }

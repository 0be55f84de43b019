"""The second pair of eyes: one person asks, another one says yes or no; told the same way whatever it is about."""

from datetime import datetime

from portal.core.actors import Actor
from portal.store import events
from portal.store.work import Transaction

DECISIONS = frozenset({"approved", "declined"})


def check_decision(decision: str) -> None:
    """Raise ValueError for another decision than approved and declined."""
    if decision not in DECISIONS:
        raise ValueError(f"a decision is one of {', '.join(sorted(DECISIONS))}")


def why_not_decided(*, is_waiting: bool, asked_by: str, by: str) -> str:
    """Say why somebody may not decide: not_waiting, own_work, or nothing at all."""
    if not is_waiting:
        return "not_waiting"
    return "own_work" if asked_by == by else ""


def tell_decision(
    tx: Transaction,
    *,
    approval_ref: str,
    decision: str,
    subject: str,
    subject_ref: str,
    actor: Actor,
    now: datetime,
    **more: str,
) -> None:
    """Tell `approval.decided`: what was asked for (`subject` and its reference) and what was said to it."""
    payload = {
        "id": approval_ref,
        "decision": decision,
        "subject": subject,
        "subject_id": subject_ref,
        **more,
    }
    events.append(tx, type="approval.decided", actor=actor, at=now, payload=payload)

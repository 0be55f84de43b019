from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.actions.accounts.find_and_lock import find_and_lock, tell
from portal.actions.accounts.tell_balance import balance_payload
from portal.core.actors import Actor
from portal.core.holds import ADJUSTMENT_REASONS
from portal.store import account_changes, accounts, adjustments, ledger
from portal.store.accounts import Account
from portal.store.adjustments import KeptAdjustment
from portal.store.ledger import Entry
from portal.store.work import Transaction, Work

COMPONENTS = ("principal", "interest", "fees")
_KINDS = {"payment_elsewhere": "payment", "fee_waived": "waiver", "interest_waived": "waiver"}


@dataclass(frozen=True, kw_only=True)
class AdjustOutcome:
    """What became of it: adjusted (with the balance after), told_before (the same reference and figures), or a refusal.

    Refusals change nothing: not_found, other_currency, below_zero, plan_active, other_adjustment (the reference stands
    for another one).
    """

    kind: str
    balance_minor: int = 0
    currency: str = ""


def adjust_account(
    work: Work,
    *,
    account_ref: str,
    component: str,
    amount_minor: int,
    currency: str,
    reason: str,
    on_date: date,
    actor: Actor,
    now: datetime,
    reference: str | None = None,
) -> AdjustOutcome:
    """Add to one component of what is owed, or take from it, with a line that says so; tells the new balance.

    `reference` is the lender's own number of it: told twice, it is booked once. A signed plan is not altered
    (plan_active): change the plan instead. Raises ValueError for an unknown component or reason, or an amount of 0.
    """
    if component not in COMPONENTS or reason not in ADJUSTMENT_REASONS or not amount_minor:
        raise ValueError("an adjustment names a component, a reason and an amount")
    with work.begin() as tx:
        found = find_and_lock(tx, account_ref=account_ref)
        if found is None or found.account.state == "recalled":
            return AdjustOutcome(kind="not_found")
        account = found.account
        before = (account.principal_minor, account.interest_minor, account.fees_minor)
        after = _added(before, component, amount_minor)
        told = KeptAdjustment(account.account_id, component, amount_minor, reason, on_date)
        refusal = _refusal(tx, account, after, told, currency=currency, reference=reference, now=now)
        if refusal:
            return AdjustOutcome(kind=refusal, balance_minor=sum(before), currency=account.currency)
        kind = _KINDS.get(reason, "credit") if amount_minor < 0 else component
        _write(tx, account.account_id, after, kind=kind, amount_minor=amount_minor, on_date=on_date, now=now)
        _book(tx, account, component, amount_minor, on_date=on_date, now=now)
        payload = balance_payload(before=before, after=after, currency=currency, now=now, reason=reason)
        tell(tx, found, type_="account.balance_changed", actor=actor, now=now, payload=payload)
    return AdjustOutcome(kind="adjusted", balance_minor=sum(after), currency=currency)


def _refusal(
    tx: Transaction,
    account: Account,
    after: tuple[int, int, int],
    told: KeptAdjustment,
    *,
    currency: str,
    reference: str | None,
    now: datetime,
) -> str:
    """Say why nothing is to be booked; empty when it is, and then its reference is kept."""
    if account.currency != currency:
        return "other_currency"
    known = adjustments.find_adjustment(tx, reference=reference) if reference else None
    if known is not None:
        return "told_before" if known == told else "other_adjustment"
    if min(after) < 0:
        return "below_zero"
    if account_changes.has_plan(tx, account_id=account.account_id):
        return "plan_active"
    if reference and not adjustments.save_adjustment(tx, reference=reference, told=told, now=now):
        return "other_adjustment"
    return ""


def _write(
    tx: Transaction,
    account_id: UUID,
    after: tuple[int, int, int],
    *,
    kind: str,
    amount_minor: int,
    on_date: date,
    now: datetime,
) -> None:
    principal, interest, fees = after
    accounts.save_balance(
        tx,
        account_id=account_id,
        principal_minor=principal,
        interest_minor=interest,
        fees_minor=fees,
        now=now,
    )
    account_changes.add_line(
        tx, account_id=account_id, kind=kind, label_key=kind, on_date=on_date, amount_minor=amount_minor
    )


def _book(
    tx: Transaction, account: Account, component: str, amount_minor: int, *, on_date: date, now: datetime
) -> None:
    sides = {component: amount_minor, "adjustments": -amount_minor}
    ledger.post(
        tx,
        account_id=account.account_id,
        currency=account.currency,
        entries=tuple(Entry(book=book, amount_minor=side) for book, side in sides.items()),
        on_date=on_date,
        cause="adjustment",
        payment_id=None,
        now=now,
    )


def _added(before: tuple[int, int, int], component: str, amount_minor: int) -> tuple[int, int, int]:
    principal, interest, fees = (
        part + (amount_minor if name == component else 0)
        for name, part in zip(COMPONENTS, before, strict=True)
    )
    return principal, interest, fees

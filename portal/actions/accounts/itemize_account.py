from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.actions.accounts.find_and_lock import Found, find_and_lock, tell
from portal.core.actors import Actor
from portal.store import account_changes, accounts
from portal.store.accounts import Account, Line
from portal.store.work import Transaction, Work

LINES_MAX = 200
"""More lines than this nobody reads; the API takes no more either."""


@dataclass(frozen=True, kw_only=True)
class ItemizeOutcome:
    """What became of it: itemized, unchanged, or a refusal that changed nothing.

    Refusals: not_found, closed (not open), other_currency, lines_differ (they do not sum to `balance_minor`),
    plan_active (what was signed keeps its lines).
    """

    kind: str
    balance_minor: int = 0
    currency: str = ""


def itemize_account(
    work: Work, *, account_ref: str, currency: str, lines: Sequence[Line], actor: Actor, now: datetime
) -> ItemizeOutcome:
    """Write anew how a balance came to be, line by line, and tell it; the balance itself stays as it is."""
    with work.begin() as tx:
        found = find_and_lock(tx, account_ref=account_ref)
        if found is None:
            return ItemizeOutcome(kind="not_found")
        kind = _why_not(tx, found.account, currency=currency, lines=lines)
        if not kind:
            _write(tx, found, lines, actor=actor, now=now)
        account = found.account
    return ItemizeOutcome(
        kind=kind or "itemized", balance_minor=account.balance_minor, currency=account.currency
    )


def _why_not(tx: Transaction, account: Account, *, currency: str, lines: Sequence[Line]) -> str:
    """Say why the lines stay as they are; empty when they are to be written."""
    has_same = accounts.list_lines(tx, account_id=account.account_id) == list(lines)
    checks = (
        ("closed", account.state != "open"),
        ("other_currency", account.currency != currency),
        ("lines_differ", sum(line.amount_minor for line in lines) != account.balance_minor),
        ("unchanged", has_same),
        ("plan_active", account_changes.has_plan(tx, account_id=account.account_id)),
    )
    return next((kind for kind, holds in checks if holds), "")


def _write(tx: Transaction, found: Found, lines: Sequence[Line], *, actor: Actor, now: datetime) -> None:
    account = found.account
    account_changes.replace_lines(tx, account_id=account.account_id, lines=lines)
    payload = {
        "changed": ["lines"],
        "balance": {"minor": account.balance_minor, "currency": account.currency},
        "as_of": now.isoformat().replace("+00:00", "Z"),
    }
    tell(tx, found, type_="account.updated", actor=actor, now=now, payload=payload)

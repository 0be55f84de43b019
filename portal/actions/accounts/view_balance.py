from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.core.events.envelope import write_time
from portal.core.money import Money
from portal.store import balances, events, sessions
from portal.store.accounts import Account, Hold, Line
from portal.store.disputes import Dispute
from portal.store.unfinished import Unfinished, list_unfinished
from portal.store.work import Transaction, Work

SEEN = "accounts_seen"
OLD_AFTER = timedelta(hours=24)
OTHER = "other_changes"


@dataclass(frozen=True, kw_only=True)
class BalanceView:
    """What is owed on one account and why; the lines add up to the balance to the minor unit."""

    account: Account
    lines: Sequence[Line]
    holds: Sequence[Hold]
    dispute: Dispute | None
    is_old: bool
    has_others: bool = False
    has_begun: bool = False
    unfinished: Sequence[Unfinished] = ()

    @property
    def balance(self) -> Money:
        """All that is owed today."""
        return Money(self.account.balance_minor, self.account.currency)

    def hold(self, kind: str) -> Hold | None:
        """Find the hold of one kind that is in force."""
        return next((hold for hold in self.holds if hold.kind == kind), None)


def view_balance(
    work: Work,
    *,
    debtor_id: UUID,
    account_id: UUID,
    session_id: UUID,
    state: Mapping[str, Any],
    now: datetime,
) -> BalanceView | None:
    """Show a person what they owe on one account, line by line; None when the account is not theirs.

    The first view in a session is told to the lender (a named view event).
    """
    with work.read() as tx:
        view = load_balance(tx, debtor_id=debtor_id, account_id=account_id, now=now)
        if view is not None and view.has_begun:
            begun = list_unfinished(tx, debtor_id=debtor_id, now=now)
            view = replace(view, unfinished=[one for one in begun if one.account_id == account_id])
    seen = list(state.get(SEEN, ()))
    if view is not None and str(account_id) not in seen:
        with work.begin() as tx:
            sessions.merge_state(tx, session_id=session_id, values={SEEN: [*seen[-50:], str(account_id)]})
            events.append(
                tx,
                type="account.viewed",
                actor=DEBTOR,
                at=now,
                payload={
                    "balance": {"minor": view.balance.minor, "currency": view.balance.currency},
                    "as_of": write_time(view.account.as_of),
                },
                account_ref=view.account.account_ref,
                creditor_ref=view.account.creditor_ref,
            )
    return view


def load_balance(tx: Transaction, *, debtor_id: UUID, account_id: UUID, now: datetime) -> BalanceView | None:
    """Load an account of this person with its lines and holds, in an open transaction; None when it is not theirs."""
    row = balances.find_balance(tx, account_id=account_id, debtor_id=debtor_id, now=now)
    if row is None or row.account.state in {"recalled", "closed"}:
        return None
    return BalanceView(
        account=row.account,
        lines=complete(row.lines, row.account.balance_minor),
        holds=row.holds,
        dispute=row.dispute,
        is_old=now - row.account.as_of > OLD_AFTER,
        has_others=row.has_others,
        has_begun=row.has_begun,
    )


def complete(lines: Sequence[Line], balance_minor: int) -> list[Line]:
    """Give the lines with what is missing to the balance as a last one: what changed since they were written."""
    missing = balance_minor - sum(line.amount_minor for line in lines)
    if not missing:
        return list(lines)
    position = max((line.position for line in lines), default=0) + 1
    rest = Line(position=position, kind=OTHER, label_key=OTHER, on_date=None, amount_minor=missing)
    return [*lines, rest]

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from portal.core.reconciliation import Reconciliation, reconcile
from portal.store import case_balances
from portal.store.case_balances import Books
from portal.store.work import Transaction, Work

ROWS_AT_ONCE = 500
LOOKED_AT_MAX = 10_000
"""So many accounts are looked at for one page of those that differ; the next page goes on behind them."""


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """One account in both books, with its names."""

    account_id: UUID
    account_ref: str
    currency: str
    state: str
    books: Reconciliation


@dataclass(frozen=True, kw_only=True)
class ReconciledPage:
    """Some accounts, and after which id the next page begins; None on the last one."""

    rows: tuple[Reconciled, ...]
    after: UUID | None


def find_reconciled(tx: Transaction, *, account_ref: str) -> Reconciled | None:
    """Find one account in both books; None when the lender has no such account."""
    found = case_balances.find_books(tx, account_ref=account_ref)
    return None if found is None else _reconciled(found)


def list_reconciled(
    tx: Transaction, *, after: UUID | None, limit: int, is_different_only: bool
) -> ReconciledPage:
    """List a page of accounts in both books, in the order of their ids; a page may be short and yet not the last."""
    rows: list[Reconciled] = []
    looked_at = 0
    while looked_at < LOOKED_AT_MAX:
        at_once = ROWS_AT_ONCE if is_different_only else limit + 1
        batch = case_balances.list_books(tx, after=after, limit=at_once)
        for one in batch:
            if len(rows) == limit:
                return ReconciledPage(rows=tuple(rows), after=after)
            after, looked_at = one.account_id, looked_at + 1
            found = _reconciled(one)
            if found.books.difference or not is_different_only:
                rows.append(found)
        if len(batch) < at_once:
            return ReconciledPage(rows=tuple(rows), after=None)
    return ReconciledPage(rows=tuple(rows), after=after)


def walk_reconciled(work: Work, *, is_different_only: bool) -> Iterator[Reconciled]:
    """Walk over all accounts in both books, as they stand at one moment; memory does not grow with their number."""
    after: UUID | None = None
    with work.read() as tx:
        while batch := case_balances.list_books(tx, after=after, limit=ROWS_AT_ONCE):
            after = batch[-1].account_id
            for one in batch:
                found = _reconciled(one)
                if found.books.difference or not is_different_only:
                    yield found


def _reconciled(one: Books) -> Reconciled:
    return Reconciled(
        account_id=one.account_id,
        account_ref=one.account_ref,
        currency=one.currency,
        state=one.state,
        books=reconcile(ours=one.ours_minor, told=one.told, known_since=one.known_since, moved=one.moved),
    )

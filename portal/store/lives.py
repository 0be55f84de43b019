"""Running plans as the core knows them, read in batches: rows, signed terms, holds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, select

from portal.core.holds import freeze_of
from portal.core.life.acts import World
from portal.core.life.clock import Frozen, zone_named
from portal.core.life.state import Life, Move, Row
from portal.core.life.terms import read_terms
from portal.store.tables.agreements import agreement_accounts, agreements, installments
from portal.store.tables.debtors import accounts, debtors, holds
from portal.store.tables.lenders import creditors
from portal.store.tables.lives import plan_lives
from portal.store.work import Transaction


class LivingAccount(NamedTuple):
    """One account of a plan, as far as its events need it."""

    account_id: UUID
    account_ref: str
    creditor_ref: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class KeptLife:
    """A plan with everything that acts on it; `agreement_state` is the word that the agreement's row holds."""

    agreement_id: UUID
    agreement_ref: str
    agreement_state: str
    debtor_id: UUID
    debtor_ref: str
    accounts: tuple[LivingAccount, ...]
    life: Life
    world: World

    @property
    def currency(self) -> str:
        """The currency of the plan: all its accounts have one."""
        return self.accounts[0].currency


def load_lives(
    tx: Transaction, *, agreement_ids: Sequence[UUID], pause_stops_interest: bool = False
) -> list[KeptLife]:
    """Load plans with their rows, terms and holds, in the order asked for; plans that do not run yet are left out."""
    found = {row.agreement_id: row for row in _heads(tx, agreement_ids)}
    covered = _accounts(tx, agreement_ids)
    frozen: dict[UUID, list[Frozen]] = {}
    ids = [one.account_id for every in covered.values() for one in every]
    for account_id, hold in _holds(tx, ids, pause_stops_interest=pause_stops_interest):
        frozen.setdefault(account_id, []).append(hold)
    rows = _rows(tx, agreement_ids)
    return [
        assemble(found[one], covered[one], rows.get(one, []), frozen) for one in agreement_ids if one in found
    ]


def load_life(tx: Transaction, *, agreement_id: UUID) -> KeptLife | None:
    """Load one plan; None when it does not run yet."""
    return next(iter(load_lives(tx, agreement_ids=[agreement_id])), None)


def _heads(tx: Transaction, agreement_ids: Sequence[UUID]) -> Any:
    joined = plan_lives.join(
        agreements,
        and_(
            agreements.c.lender_id == plan_lives.c.lender_id,
            agreements.c.agreement_id == plan_lives.c.agreement_id,
        ),
    ).join(
        debtors,
        and_(debtors.c.lender_id == agreements.c.lender_id, debtors.c.debtor_id == agreements.c.debtor_id),
    )
    return tx.execute(
        select(
            plan_lives.c.agreement_id,
            plan_lives.c.time_zone,
            plan_lives.c.born_at,
            plan_lives.c.as_of,
            plan_lives.c.broken_on,
            plan_lives.c.has_lapsed,
            plan_lives.c.moves,
            plan_lives.c.vested_minor,
            plan_lives.c.is_re_aged,
            agreements.c.agreement_ref,
            agreements.c.state,
            agreements.c.debtor_id,
            agreements.c.terms_json,
            debtors.c.debtor_ref,
        )
        .select_from(joined)
        .where(plan_lives.c.lender_id == tx.lender_id, plan_lives.c.agreement_id.in_(agreement_ids))
    )


def _accounts(tx: Transaction, agreement_ids: Sequence[UUID]) -> dict[UUID, list[LivingAccount]]:
    joined = agreement_accounts.join(
        accounts,
        and_(
            accounts.c.lender_id == agreement_accounts.c.lender_id,
            accounts.c.account_id == agreement_accounts.c.account_id,
        ),
    ).join(
        creditors,
        and_(
            creditors.c.lender_id == accounts.c.lender_id, creditors.c.creditor_id == accounts.c.creditor_id
        ),
    )
    found: dict[UUID, list[LivingAccount]] = {}
    for row in tx.execute(
        select(
            agreement_accounts.c.agreement_id,
            accounts.c.account_id,
            accounts.c.account_ref,
            creditors.c.creditor_ref,
            accounts.c.currency,
        )
        .select_from(joined)
        .where(
            agreement_accounts.c.lender_id == tx.lender_id,
            agreement_accounts.c.agreement_id.in_(agreement_ids),
        )
        .order_by(accounts.c.account_id)
    ):
        found.setdefault(row.agreement_id, []).append(
            LivingAccount(row.account_id, row.account_ref, row.creditor_ref, row.currency)
        )
    return found


def _holds(
    tx: Transaction, account_ids: Sequence[UUID], *, pause_stops_interest: bool
) -> list[tuple[UUID, Frozen]]:
    """List the holds that froze dates, also those that are over; one that ran out ended on its date."""
    found: list[tuple[UUID, Frozen]] = []
    for row in tx.execute(
        select(holds.c.account_id, holds.c.kind, holds.c.since, holds.c.until, holds.c.released_at)
        .where(holds.c.lender_id == tx.lender_id, holds.c.account_id.in_(account_ids))
        .order_by(holds.c.since)
    ):
        if freeze_of(row.kind, pause_stops_interest=pause_stops_interest).dates:
            ends = [end for end in (row.until, row.released_at) if end is not None]
            found.append((row.account_id, Frozen(row.kind, row.since, min(ends) if ends else None)))
    return found


def _rows(tx: Transaction, agreement_ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in tx.execute(
        select(
            installments.c.agreement_id,
            installments.c.number,
            installments.c.due_on,
            installments.c.amount_minor,
            installments.c.paid_minor,
            installments.c.told,
            installments.c.since,
        )
        .where(installments.c.lender_id == tx.lender_id, installments.c.agreement_id.in_(agreement_ids))
        .order_by(installments.c.due_on, installments.c.number)
    ):
        found.setdefault(row.agreement_id, []).append(row)
    return found


def assemble(
    head: Any,
    covered: Sequence[LivingAccount],
    rows: Sequence[Any],
    frozen: Mapping[UUID, Sequence[Frozen]],
) -> KeptLife:
    """Put a plan together out of its head, its accounts, its rows in the order of their dates, and its holds."""
    held = [hold for one in covered for hold in frozen.get(one.account_id, ())]
    life = Life(
        rows=tuple(
            Row(
                number=row.number,
                due_on=row.due_on,
                amount=row.amount_minor,
                paid=row.paid_minor,
                told=row.told or 0,
                since=row.since or head.born_at,
            )
            for row in rows
        ),
        state="lapsed" if head.has_lapsed else head.state,
        broken_on=head.broken_on,
        moves=tuple(_move(one) for one in head.moves),
        vested=head.vested_minor,
        is_re_aged=head.is_re_aged,
        as_of=head.as_of,
    )
    world = World(read_terms(json.loads(head.terms_json)), zone_named(head.time_zone), tuple(held))
    return KeptLife(
        agreement_id=head.agreement_id,
        agreement_ref=head.agreement_ref,
        agreement_state=head.state,
        debtor_id=head.debtor_id,
        debtor_ref=head.debtor_ref,
        accounts=tuple(covered),
        life=life,
        world=world,
    )


def _move(one: Mapping[str, Any]) -> Move:
    return Move(
        datetime.fromisoformat(one["at"]),
        one["number"],
        date.fromisoformat(one["before_on"]),
        date.fromisoformat(one["due_on"]),
        one["why"],
    )


def load_vested(tx: Transaction, *, agreement_id: UUID) -> int:
    """Load what of a plan's reduction was forgiven for good before its end, in minor units."""
    found = tx.execute(
        select(plan_lives.c.vested_minor).where(
            plan_lives.c.lender_id == tx.lender_id, plan_lives.c.agreement_id == agreement_id
        )
    ).scalar_one_or_none()
    return int(found or 0)

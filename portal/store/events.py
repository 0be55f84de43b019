"""The one append-only table from which webhooks, evidence and statistics are made."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, literal, select, update

from portal.core.actors import Actor
from portal.core.events import catalog
from portal.store.accounts import Account
from portal.store.tables import debtors as debtor_tables
from portal.store.tables.events import deliveries, endpoints, events
from portal.store.work import Transaction


def append(
    tx: Transaction,
    *,
    type: str,  # noqa: A002 - the word of the contract
    actor: Actor,
    at: datetime,
    payload: Mapping[str, Any],
    account_ref: str | None = None,
    creditor_ref: str | None = None,
    debtor_ref: str | None = None,
) -> UUID:
    """Append one event and its due deliveries to the transaction.

    Raises EventError when the catalog does not know the type, its payload, its subject or its kind of actor.

    With an account the event takes the account's next sequence number; that locks the account row until the commit,
    so numbers have no gaps and follow the order of the commits.
    """
    catalog.validate(type, payload)
    catalog.check_subject(type, account_ref=account_ref, debtor_ref=debtor_ref)
    catalog.check_actor(type, actor.kind)
    event_id = tx.new_id()
    sequence = None if account_ref is None else _next_sequence(tx, account_ref)
    tx.execute(
        insert(events).values(
            lender_id=tx.lender_id,
            id=event_id,
            account_ref=account_ref,
            account_sequence=sequence,
            type=type,
            creditor_ref=creditor_ref,
            debtor_ref=debtor_ref,
            actor=actor.as_payload(),
            occurred_at=at,
            payload=dict(payload),
        )
    )
    _fan_out(tx, event_id=event_id, type_=type, account_ref=account_ref, sequence=sequence, at=at)
    return event_id


def _next_sequence(tx: Transaction, account_ref: str) -> int:
    step = (
        update(debtor_tables.accounts)
        .where(
            debtor_tables.accounts.c.lender_id == tx.lender_id,
            debtor_tables.accounts.c.account_ref == account_ref,
        )
        .values(event_sequence=debtor_tables.accounts.c.event_sequence + 1)
        .returning(debtor_tables.accounts.c.event_sequence)
    )
    return int(tx.execute(step).scalar_one())


def _fan_out(
    tx: Transaction,
    *,
    event_id: UUID,
    type_: str,
    account_ref: str | None,
    sequence: int | None,
    at: datetime,
) -> None:
    """One due delivery for each endpoint that asked for this type; patterns are dotted words with `*`."""
    wanted = [type_, "*", *(f"{type_.split('.', maxsplit=1)[0]}.*",)]
    chosen = select(
        literal(tx.lender_id),
        endpoints.c.endpoint_id,
        literal(event_id),
        literal(account_ref),
        literal(sequence),
        literal(type_),
        literal("due"),
        literal(0),
        literal(at),
        literal(at),
    ).where(endpoints.c.lender_id == tx.lender_id, endpoints.c.patterns.overlap(wanted))
    columns = [
        "lender_id",
        "endpoint_id",
        "event_id",
        "account_ref",
        "account_sequence",
        "event_type",
        "state",
        "attempts",
        "due_at",
        "created_at",
    ]
    if tx.execute(insert(deliveries).from_select(columns, chosen)).rowcount:
        tx.deliveries_due_at = at


def append_for_accounts(
    tx: Transaction,
    *,
    accounts: Iterable[Account],
    type: str,  # noqa: A002 - the word of the contract
    actor: Actor,
    at: datetime,
    payload: Mapping[str, Any],
    debtor_ref: str,
) -> None:
    """Append one event per account of a case or an agreement: each account's file hears it."""
    for account in accounts:
        append(
            tx,
            type=type,
            actor=actor,
            at=at,
            payload=payload,
            account_ref=account.account_ref,
            creditor_ref=account.creditor_ref,
            debtor_ref=debtor_ref,
        )

"""The one append-only table from which webhooks, evidence and statistics are made.

Events wait until the transaction asks something or commits; then all of them are written by three statements in one
journey: the accounts' next numbers, the events, and a due delivery for each endpoint that asked for a type.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from portal.core.actors import Actor
from portal.core.events import catalog
from portal.store.accounts import Account
from portal.store.rows import MissingRowError
from portal.store.work import Transaction


class Told(NamedTuple):
    """One event that waits to be written."""

    id: UUID
    account_ref: str | None
    type: str
    creditor_ref: str | None
    debtor_ref: str | None
    actor: Jsonb
    occurred_at: datetime
    payload: Jsonb


_COLUMNS = tuple(Told.__annotations__)


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
    told = Told(
        id=event_id,
        account_ref=account_ref,
        type=type,
        creditor_ref=creditor_ref,
        debtor_ref=debtor_ref,
        actor=Jsonb(actor.as_payload()),
        occurred_at=at,
        payload=Jsonb(dict(payload)),
    )
    tx.gather(_write, told)
    return event_id


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


# The accounts in the order of their references: two transactions that tell of the same ones never wait in a ring.
_NUMBER = """
UPDATE accounts SET event_sequence = accounts.event_sequence + told.more
FROM unnest(%(refs)s::text[], %(counts)s::int[]) AS told(account_ref, more)
WHERE accounts.lender_id = %(lender_id)s AND accounts.account_ref = told.account_ref
"""
# `back` is how many later events of the same account are written with this one.
_EVENTS = """
INSERT INTO events (lender_id, id, account_ref, account_sequence, type, creditor_ref, debtor_ref, actor, occurred_at,
  payload)
SELECT %(lender_id)s, told.id, told.account_ref, accounts.event_sequence - told.back, told.type, told.creditor_ref,
  told.debtor_ref, told.actor, told.occurred_at, told.payload
FROM unnest(%(id)s::uuid[], %(account_ref)s::text[], %(back)s::int[], %(type)s::text[], %(creditor_ref)s::text[],
  %(debtor_ref)s::text[], %(actor)s::jsonb[], %(occurred_at)s::timestamptz[], %(payload)s::jsonb[])
  AS told(id, account_ref, back, type, creditor_ref, debtor_ref, actor, occurred_at, payload)
LEFT JOIN accounts ON accounts.lender_id = %(lender_id)s AND accounts.account_ref = told.account_ref
"""
_DELIVERIES = """
INSERT INTO deliveries (lender_id, endpoint_id, event_id, account_ref, account_sequence, event_type, state, attempts,
  due_at, created_at)
SELECT events.lender_id, endpoints.endpoint_id, events.id, events.account_ref, events.account_sequence, events.type,
  'due', 0, events.occurred_at, events.occurred_at
FROM events JOIN endpoints ON endpoints.lender_id = events.lender_id
  AND endpoints.patterns && ARRAY['*', events.type, split_part(events.type, '.', 1) || '.*']
WHERE events.lender_id = %(lender_id)s AND events.id = ANY(%(id)s::uuid[])
"""
# The same for one event alone, which is what most transactions tell: less than half of the work for both sides, because
# nothing is unnested, joined or read back. An endpoint's patterns are dotted words with `*`.
_EVENT = """
INSERT INTO events (lender_id, id, account_ref, account_sequence, type, creditor_ref, debtor_ref, actor, occurred_at,
  payload)
VALUES (%(lender_id)s, %(id)s, %(account_ref)s, (SELECT accounts.event_sequence FROM accounts
    WHERE accounts.lender_id = %(lender_id)s AND accounts.account_ref = %(account_ref)s),
  %(type)s, %(creditor_ref)s, %(debtor_ref)s, %(actor)s, %(occurred_at)s, %(payload)s)
"""
_ITS_DELIVERIES = """
INSERT INTO deliveries (lender_id, endpoint_id, event_id, account_ref, account_sequence, event_type, state, attempts,
  due_at, created_at)
SELECT endpoints.lender_id, endpoints.endpoint_id, %(id)s, %(account_ref)s,
  (SELECT accounts.event_sequence FROM accounts
    WHERE accounts.lender_id = %(lender_id)s AND accounts.account_ref = %(account_ref)s), %(type)s,
  'due', 0, %(occurred_at)s, %(occurred_at)s
FROM endpoints WHERE endpoints.lender_id = %(lender_id)s AND endpoints.patterns && %(patterns)s::text[]
"""


def _write(tx: Transaction, told: list[Told]) -> None:
    """Let the events that were gathered go out."""
    counts = Counter(one.account_ref for one in told if one.account_ref is not None)
    refs = sorted(counts)

    def numbered(touched: int) -> None:
        if touched != len(refs):
            raise MissingRowError

    def fanned_out(touched: int) -> None:
        if touched:
            tx.deliveries_due_at = max(one.occurred_at for one in told)

    if refs:
        given = {"lender_id": tx.lender_id, "refs": refs, "counts": [counts[ref] for ref in refs]}
        tx.later(_NUMBER, given, heard=numbered)
    if len(told) == 1:
        alone = {"lender_id": tx.lender_id, **dict(zip(_COLUMNS, told[0], strict=True))}
        tx.later(_EVENT, alone)
        tx.later(_ITS_DELIVERIES, {**alone, "patterns": _patterns_of(told[0].type)}, heard=fanned_out)
        return
    values: dict[str, Any] = {name: [getattr(one, name) for one in told] for name in _COLUMNS}
    tx.later(_EVENTS, {"lender_id": tx.lender_id, "back": _backs(told, counts), **values})
    tx.later(_DELIVERIES, {"lender_id": tx.lender_id, "id": values["id"]}, heard=fanned_out)


def _patterns_of(name: str) -> list[str]:
    """Give every pattern that an event's type fits."""
    return ["*", name, f"{name.partition('.')[0]}.*"]


def _backs(told: list[Told], counts: Mapping[str, int]) -> list[int | None]:
    left = dict(counts)
    backs: list[int | None] = []
    for one in told:
        if one.account_ref is None:
            backs.append(None)
            continue
        left[one.account_ref] -= 1
        backs.append(left[one.account_ref])
    return backs

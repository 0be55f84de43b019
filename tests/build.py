"""Builders with good defaults: `a_lender(database)`, `a_debtor(work)`, `an_account(work, …)`."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core.bounds.presets import preset
from portal.store import accounts, bounds, debtors, lenders
from portal.store.tables.events import events

MASTER_KEY = b"test-only-master-key-32-bytes-ok"
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class BuiltLender:
    lender_id: int
    slug: str
    creditor_id: UUID


def a_lender(database, *, now=NOW, settings=None):
    slug = f"lender-{secrets.token_hex(5)}"
    for _ in range(20):
        try:
            with lenders.create_lender(
                database, slug=slug, name="Northwind", settings=settings or {}, now=now
            ) as tx:
                creditor_id = lenders.save_creditor(
                    tx,
                    creditor_ref="tamarind",
                    brand_name="Tamarind",
                    now=now,
                    phone="1-800-555-0142",
                    country="US",
                )
                return BuiltLender(tx.lender_id, slug, creditor_id)
        except IntegrityError:
            continue
    raise RuntimeError("no free lender number")


def a_debtor(work, *, now=NOW, **changes):
    number = next(_numbers)
    plain = {
        "source_ref": f"P-{secrets.token_hex(4)}-{number}",
        "full_name": "Maria Lopez",
        "birth_date": date(1986, 11, 17),
        "id_last4": "0056",
        "phone": "+12015550105",
        "email": None,
        "language": "en",
        "country": "US",
        "time_zone": "America/New_York",
        "security_word": "lantern",
    }
    with work.begin() as tx:
        return debtors.save_debtor(tx, debtors.NewDebtor(**plain | changes), now=now)


def an_account(work, *, creditor_id, debtor_id, now=NOW, days_past_due=120, lines=None, **changes):
    number = next(_numbers)
    plain = {
        "account_ref": f"AC-{secrets.token_hex(4)}-{number}",
        "creditor_id": creditor_id,
        "debtor_id": debtor_id,
        "product": "card",
        "currency": "USD",
        "principal_minor": 120_000,
        "interest_minor": 18_640,
        "fees_minor": 3_000,
        "original_minor": 150_000,
        "annual_rate": Decimal("0.18"),
        "opened_on": date(2024, 3, 5),
        "delinquent_since": now.date() - timedelta(days=days_past_due) if days_past_due else None,
        "last_payment_on": None,
        "as_of": now,
        "row_digest": b"built".ljust(32, b"\0"),
    } | changes
    if lines is None:
        parts = (
            ("principal", plain["principal_minor"]),
            ("interest", plain["interest_minor"]),
            ("fees", plain["fees_minor"]),
        )
        lines = tuple(
            accounts.Line(position=place, kind=kind, label_key=kind, on_date=None, amount_minor=amount)
            for place, (kind, amount) in enumerate(parts, 1)
            if amount
        )
    with work.begin() as tx:
        return accounts.save_account(tx, accounts.NewAccount(**plain, lines=lines), now=now)


def active_bounds(work, *, currency="USD", body=None, now=NOW):
    """Put bounds in force: the shipped preset of a currency, or a body of one's own."""
    document = body or preset(currency)
    with work.begin() as tx:
        draft = bounds.save_draft(
            tx, name=document["bounds_id"], currency=currency, body=document, made_by=None, now=now
        )
        steps = ("draft", "simulated", "approved", "active")
        for before, after in itertools.pairwise(steps):
            bounds.move_bounds(tx, bounds_id=draft.bounds_id, before=before, after=after, now=now)
    return draft


def events_of(work, *, account_ref=None):
    """List the events of an account in their order, or of the whole lender."""
    wanted = select(events.c.id, events.c.type, events.c.account_sequence, events.c.payload).where(
        events.c.lender_id == work.lender_id
    )
    if account_ref is not None:
        wanted = wanted.where(events.c.account_ref == account_ref)
    with work.read() as tx:
        return tx.execute(wanted.order_by(events.c.account_sequence, events.c.id)).all()

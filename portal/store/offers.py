"""Offers that are firm until their printed date, and the asks that led to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.core.states import check_move
from portal.store.debtors import new_ref
from portal.store.tables.cases import asks, offers
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class KeptOffer:
    """An offer as it was shown: the plan record, the hash that a signature names, and what it rests on.

    `made_by` is the kind of actor who asked for it; what `staff` made rests on their authority, not on the rules alone.
    `amends_id` is the running agreement that it would change; `change_kind` says how, where the deal itself stays.
    `approval` is None where nobody was asked, else waiting, approved or declined.
    """

    offer_id: UUID
    offer_ref: str
    case_id: UUID
    plan_id: str
    family: str
    plan: Mapping[str, Any]
    plan_hash: str
    facts_hash: str
    bounds_id: UUID
    stage: int
    reason_codes: Sequence[Any]
    made_by: str
    state: str
    expires_on: date
    shown_at: datetime
    amends_id: UUID | None
    change_kind: str | None
    approval: str | None


@dataclass(frozen=True, kw_only=True)
class KeptAsk:
    """What the debtor asked for and how it was answered (public terms only)."""

    ask_id: UUID
    case_id: UUID
    terms: Mapping[str, Any]
    answer_kind: str
    answer: Mapping[str, Any]
    asked_at: datetime


_OFFER = (
    offers.c.offer_id,
    offers.c.offer_ref,
    offers.c.case_id,
    offers.c.plan_id,
    offers.c.family,
    offers.c.plan,
    offers.c.plan_hash,
    offers.c.facts_hash,
    offers.c.bounds_id,
    offers.c.stage,
    offers.c.reason_codes,
    offers.c.made_by,
    offers.c.state,
    offers.c.expires_on,
    offers.c.shown_at,
    offers.c.amends_id,
    offers.c.change_kind,
    offers.c.approval,
)


@dataclass(frozen=True, kw_only=True)
class NewOffer:
    """An offer on its way into the store; `plan` is its record, `plan_hash` the hash of that."""

    case_id: UUID
    plan_id: str
    family: str
    plan: Mapping[str, Any]
    plan_hash: str
    facts_hash: str
    bounds_id: UUID
    stage: int
    reason_codes: Sequence[Any]
    made_by: str
    expires_on: date
    amends_id: UUID | None = None
    change_kind: str | None = None


def save_offer(tx: Transaction, offer: NewOffer, *, now: datetime) -> tuple[KeptOffer, bool]:
    """Save an offer, or find the same plan already offered in this case; the flag says whether it is new."""
    (kept,) = save_offers(tx, [offer], now=now)
    return kept


def save_offers(tx: Transaction, shown: Sequence[NewOffer], *, now: datetime) -> list[tuple[KeptOffer, bool]]:
    """Save offers of one case, or find the same plans already offered in it, in two statements however many there are.

    In the order given; the flag of each says whether it is new.
    """
    if not shown:
        return []
    named = [(tx.new_id(), offer) for offer in shown]
    rows = [
        {
            "lender_id": tx.lender_id,
            "offer_id": offer_id,
            "offer_ref": new_ref("ofr", offer_id),
            "state": "firm",
            "shown_at": now,
            **vars(offer),
        }
        for offer_id, offer in named
    ]
    fresh = upsert(offers).on_conflict_do_nothing(index_elements=["lender_id", "case_id", "plan_hash"])
    tx.execute(fresh, rows)
    found = tx.execute(
        select(*_OFFER).where(
            offers.c.lender_id == tx.lender_id,
            offers.c.case_id == shown[0].case_id,
            offers.c.plan_hash.in_([offer.plan_hash for offer in shown]),
        )
    )
    kept = {row.plan_hash: KeptOffer(**row._mapping) for row in found}
    return [(kept[offer.plan_hash], kept[offer.plan_hash].offer_id == offer_id) for offer_id, offer in named]


def find_offer(
    tx: Transaction, *, offer_id: UUID | None = None, offer_ref: str | None = None
) -> KeptOffer | None:
    wanted = offers.c.offer_id == offer_id if offer_id is not None else offers.c.offer_ref == offer_ref
    row = tx.execute(select(*_OFFER).where(offers.c.lender_id == tx.lender_id, wanted)).one_or_none()
    return None if row is None else KeptOffer(**row._mapping)


def list_firm_offers(tx: Transaction, *, case_id: UUID, today: date) -> list[KeptOffer]:
    """List the offers of a case that still stand on `today` (their last day included), oldest first."""
    rows = tx.execute(
        select(*_OFFER)
        .where(
            offers.c.lender_id == tx.lender_id,
            offers.c.case_id == case_id,
            offers.c.state == "firm",
            offers.c.expires_on >= today,
        )
        .order_by(offers.c.offer_id)
    )
    return [KeptOffer(**row._mapping) for row in rows]


def move_offer(tx: Transaction, *, offer_id: UUID, before: str, after: str) -> bool:
    """Move an offer's state by compare-and-set; False when it was not in `before`."""
    check_move(noun="offer", before=before, after=after)
    step = (
        update(offers)
        .where(offers.c.lender_id == tx.lender_id, offers.c.offer_id == offer_id, offers.c.state == before)
        .values(state=after)
    )
    return tx.execute(step).rowcount == 1


def save_ask(
    tx: Transaction,
    *,
    case_id: UUID,
    terms: Mapping[str, Any],
    answer_kind: str,
    answer: Mapping[str, Any],
    now: datetime,
) -> KeptAsk:
    ask = KeptAsk(
        ask_id=tx.new_id(),
        case_id=case_id,
        terms=dict(terms),
        answer_kind=answer_kind,
        answer=dict(answer),
        asked_at=now,
    )
    tx.execute(insert(asks).values(lender_id=tx.lender_id, **vars(ask)))
    return ask


def list_asks(tx: Transaction, *, case_id: UUID, limit: int = 50) -> list[KeptAsk]:
    """List a case's asks, newest first."""
    rows = tx.execute(
        select(
            asks.c.ask_id,
            asks.c.case_id,
            asks.c.terms,
            asks.c.answer_kind,
            asks.c.answer,
            asks.c.asked_at,
        )
        .where(asks.c.lender_id == tx.lender_id, asks.c.case_id == case_id)
        .order_by(asks.c.ask_id.desc())
        .limit(limit)
    )
    return [KeptAsk(**row._mapping) for row in rows]


def find_ask(tx: Transaction, *, ask_id: UUID) -> KeptAsk | None:
    row = tx.execute(
        select(
            asks.c.ask_id,
            asks.c.case_id,
            asks.c.terms,
            asks.c.answer_kind,
            asks.c.answer,
            asks.c.asked_at,
        ).where(asks.c.lender_id == tx.lender_id, asks.c.ask_id == ask_id)
    ).one_or_none()
    return None if row is None else KeptAsk(**row._mapping)

"""Plans that a counselor proposed in a debtor's name; the debtor decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Join, Row, insert, select, update

from portal.core.states import check_move
from portal.store.debtors import new_ref
from portal.store.tables.cases import offers, proposals
from portal.store.tables.identity import grants
from portal.store.tables.shared import agencies, agency_staff
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One proposal: what was asked (`terms`) and how it was answered, like a `KeptAsk` of the same case."""

    proposal_id: UUID
    proposal_ref: str
    grant_id: UUID
    case_id: UUID
    offer_id: UUID | None
    terms: Mapping[str, Any]
    answer: Mapping[str, Any]
    state: str
    proposed_at: datetime


@dataclass(frozen=True, kw_only=True)
class ShownProposal:
    """A proposal with the offer that it led to and the name of who proposed it."""

    proposal: Proposal
    offer_ref: str | None
    offer_state: str | None
    plan: Mapping[str, Any] | None
    expires_on: date | None
    counselor_name: str | None
    agency_name: str | None

    def stands(self, today: date) -> bool:
        """Tell whether the offer can still be signed."""
        return self.offer_state == "firm" and self.expires_on is not None and today <= self.expires_on


_PROPOSAL = tuple(proposals.c[name] for name in Proposal.__dataclass_fields__)


def save_proposal(
    tx: Transaction,
    *,
    grant_id: UUID,
    case_id: UUID,
    offer_id: UUID | None,
    terms: Mapping[str, Any],
    answer: Mapping[str, Any],
    now: datetime,
) -> Proposal:
    proposal_id = tx.new_id()
    proposal = Proposal(
        proposal_id=proposal_id,
        proposal_ref=new_ref("prp", proposal_id),
        grant_id=grant_id,
        case_id=case_id,
        offer_id=offer_id,
        terms=dict(terms),
        answer=dict(answer),
        state="shown",
        proposed_at=now,
    )
    tx.execute(insert(proposals).values(lender_id=tx.lender_id, **vars(proposal)))
    return proposal


def find_proposal(tx: Transaction, *, proposal_ref: str) -> Proposal | None:
    row = tx.execute(
        select(*_PROPOSAL).where(
            proposals.c.lender_id == tx.lender_id, proposals.c.proposal_ref == proposal_ref
        )
    ).one_or_none()
    return None if row is None else Proposal(**row._mapping)


def list_proposals(
    tx: Transaction, *, debtor_ids: Sequence[UUID], grant_id: UUID | None = None, limit: int = 50
) -> list[tuple[UUID, ShownProposal]]:
    """List (debtor, proposal) of these debtors, of one grant if named, newest first."""
    wanted = [proposals.c.lender_id == tx.lender_id, grants.c.debtor_id.in_(debtor_ids)]
    if grant_id is not None:
        wanted.append(proposals.c.grant_id == grant_id)
    rows = tx.execute(
        select(
            *_PROPOSAL,
            grants.c.debtor_id,
            offers.c.offer_ref,
            offers.c.state.label("offer_state"),
            offers.c.plan,
            offers.c.expires_on,
            agency_staff.c.display_name,
            agencies.c.name,
        )
        .select_from(_with_names())
        .where(*wanted)
        .order_by(proposals.c.proposal_id.desc())
        .limit(limit)
    )
    return [(row.debtor_id, _shown(row)) for row in rows]


def _with_names() -> Join:
    same_grant = (grants.c.lender_id == proposals.c.lender_id) & (grants.c.grant_id == proposals.c.grant_id)
    same_offer = (offers.c.lender_id == proposals.c.lender_id) & (offers.c.offer_id == proposals.c.offer_id)
    return (
        proposals.join(grants, same_grant)
        .outerjoin(offers, same_offer)
        .outerjoin(agency_staff, agency_staff.c.counselor_id == grants.c.counselor_id)
        .outerjoin(agencies, agencies.c.agency_id == grants.c.agency_id)
    )


def _shown(row: Row[Any]) -> ShownProposal:
    own = dict(zip(Proposal.__dataclass_fields__, row[: len(_PROPOSAL)], strict=True))
    return ShownProposal(
        proposal=Proposal(**own),
        offer_ref=row.offer_ref,
        offer_state=row.offer_state,
        plan=row.plan,
        expires_on=row.expires_on,
        counselor_name=row.display_name,
        agency_name=row.name,
    )


def accept_offer(tx: Transaction, *, offer_id: UUID) -> None:
    """Mark the proposals that led to an offer as accepted: the debtor signed it."""
    check_move(noun="proposal", before="shown", after="accepted")
    tx.execute(
        update(proposals)
        .where(
            proposals.c.lender_id == tx.lender_id,
            proposals.c.offer_id == offer_id,
            proposals.c.state == "shown",
        )
        .values(state="accepted")
    )

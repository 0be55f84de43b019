"""A debtor asks to see plans side by side: the menu is made, and what is shown is firm from now on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.actions.cases.desk import NoDesk, ensure_case, history_of, lay_desk
from portal.actions.cases.keep_offers import keep_decision, keep_offers
from portal.core.actors import DEBTOR
from portal.core.negotiation.answer import answer
from portal.core.negotiation.explain import Reason
from portal.store import accounts
from portal.store.offers import KeptOffer
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The offers in screen order with the label of each, and reasons to show. `handoff_cause` is '' for a menu."""

    case_ref: str
    offers: Sequence[KeptOffer]
    labels: Sequence[str]
    codes: tuple[Reason, ...]
    handoff_cause: str


def show_offers(
    work: Work, *, account_id: UUID, debtor_id: UUID, today: date, now: datetime
) -> Shown | NoDesk:
    """Make the menu of a case and keep what it shows; the same facts give the same offers, however often."""
    with work.begin() as tx:
        accounts.lock_account(tx, account_id=account_id)
        desk = lay_desk(tx, account_id=account_id, debtor_id=debtor_id, today=today, now=now)
        if isinstance(desk, NoDesk):
            return desk
        history = history_of(tx, desk, today=today, now=now)
        said = answer(facts=desk.facts, bounds=desk.bounds, history=history, pack=desk.pack)
        case = ensure_case(tx, desk, now=now)
        keep_decision(tx, desk, case, said, history=history, ask=None, now=now)
        kept = keep_offers(tx, desk, case, said.offers, actor=DEBTOR, now=now)
    return Shown(
        case_ref=case.case_ref,
        offers=kept,
        labels=[offer.label for offer in said.offers],
        codes=said.codes,
        handoff_cause=said.handoff_cause,
    )

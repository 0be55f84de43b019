from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.core.identity import Fact, fact_to_ask, rules_of
from portal.store import debtors, directory, lenders, letterheads, links
from portal.store.debtors import Debtor
from portal.store.work import Database, Transaction, Work


@dataclass(frozen=True, kw_only=True)
class LandingView:
    """What the page behind a live link shows; nothing here tells what the message is about, or whom it is for."""

    lender_id: int
    creditor_id: UUID | None
    sender: str
    phone: str | None
    security_word: str
    language: str
    fact: Fact


def locate_link(database: Database, *, token: str) -> Work | None:
    """Find the lender's unit of work that a link token leads to; None when nobody made it."""
    with database.shared().read() as shared:
        entry = directory.find_entry(shared, kind="link", secret=token)
    return None if entry is None or entry.lender_id is None else database.work(entry.lender_id)


def view_link(database: Database, *, token: str, now: datetime) -> LandingView | None:
    """Read what the page behind a link shows; None when the link is expired, used, locked, revoked or unknown.

    Nothing is written: a preview robot may come as often as it likes. A token that nobody made is looked for in some
    lender's table all the same, so that it takes as long as one that is dead.
    """
    work = locate_link(database, token=token) or _anywhere(database)
    if work is None:
        return None
    with work.read() as tx:
        link = links.find_link(tx, token=token)
        if link is None or not link.is_live(now):
            return None
        debtor = debtors.find_debtor(tx, debtor_id=link.debtor_id)
        if debtor is None or debtor.wrong_party_at is not None:
            return None
        return _view(tx, debtor)


def _anywhere(database: Database) -> Work | None:
    with database.shared().read() as shared:
        lender_id = lenders.find_newest_id(shared)
    return None if lender_id is None else database.work(lender_id)


def _view(tx: Transaction, debtor: Debtor) -> LandingView:
    sender = letterheads.find_sender(tx, debtor_id=debtor.debtor_id)
    return LandingView(
        lender_id=tx.lender_id,
        creditor_id=sender.creditor_id,
        sender=sender.name,
        phone=sender.phone,
        security_word=debtor.security_word,
        language=debtor.language,
        fact=load_fact(tx, debtor_id=debtor.debtor_id),
    )


def load_fact(tx: Transaction, *, debtor_id: UUID) -> Fact:
    """Load which known fact a person is asked for, in an open transaction."""
    lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    person = debtors.load_person(tx, debtor_id=debtor_id)
    return fact_to_ask(
        rules=rules_of(lender.settings if lender else {}),
        has_birth_date=person.birth_date is not None,
        has_id_last4=person.id_last4 is not None,
    )

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.links.view_link import load_fact
from portal.core.identity import Fact
from portal.store import debtors, links
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class IdentityView:
    """What the page asks for, whether the link behind the visit still works, the word of the phone route."""

    fact: Fact
    is_live: bool
    security_word: str


def view_identity(work: Work, *, debtor_id: UUID, link_id: UUID | None, now: datetime) -> IdentityView:
    """Read what a person behind an opened link is asked for; nothing is written.

    Raises LookupError when the person is unknown.
    """
    with work.read() as tx:
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        link = links.find_link(tx, link_id=link_id) if link_id else None
        if debtor is None:
            raise LookupError(debtor_id)
        return IdentityView(
            fact=load_fact(tx, debtor_id=debtor_id),
            is_live=link is not None and link.is_live(now),
            security_word=debtor.security_word,
        )

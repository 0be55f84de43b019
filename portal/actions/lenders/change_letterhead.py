"""A lender tells of itself and its creditors what its letters have to say: names, addresses, who supervises it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.core.actors import Actor
from portal.core.letters.letterhead import KEY, lines_of
from portal.store import events, lenders
from portal.store.rows import known
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What stands at the top of letters; addresses are texts of a few lines.

    `creditors` maps a creditor's reference to its full name and address.
    """

    name: str = ""
    address: str = ""
    email: str = ""
    web: str = ""
    authority: str = ""
    collects_for_others: bool = False
    is_law_firm: bool = False
    creditors: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def change_letterhead(work: Work, *, letterhead: Letterhead, actor: Actor, now: datetime) -> None:
    """Keep a lender's letterhead; letters that were issued keep theirs."""
    with work.begin() as tx:
        lenders.lock_lender(tx)
        settings = known(lenders.find_lender(tx, lender_id=tx.lender_id)).settings
        refs = {one.creditor_ref for one in lenders.list_creditors(tx)}
        kept = {
            "name": letterhead.name,
            "address": list(lines_of(letterhead.address)),
            "email": letterhead.email,
            "web": letterhead.web,
            "authority": list(lines_of(letterhead.authority)),
            "collects_for_others": letterhead.collects_for_others,
            "is_law_firm": letterhead.is_law_firm,
            "creditors": {
                ref: {"name": name, "address": list(lines_of(address))}
                for ref, (name, address) in letterhead.creditors.items()
                if ref in refs
            },
        }
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={**settings, KEY: kept})
        events.append(tx, type="settings.changed", actor=actor, at=now, payload={"part": KEY})

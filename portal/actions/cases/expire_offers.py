from datetime import datetime, timedelta

from portal.core.actors import SYSTEM
from portal.store import events, offer_ends
from portal.store.work import Work

BATCH = 200
LATEST_ZONE = timedelta(hours=12)
"""A day is over everywhere once it is over twelve hours behind UTC."""


def expire_offers(work: Work, *, now: datetime) -> int:
    """End the firm offers whose last day is over everywhere and tell each; gives how many. Safe to run twice.

    One of a case whose plan was signed is over because that took its place; nobody has to hear of its date.
    """
    with work.begin() as tx:
        ended = offer_ends.take_ended(tx, before=(now - LATEST_ZONE).date(), limit=BATCH)
        for one in ended:
            offer_ends.end_offer(
                tx, offer_id=one.offer_id, after="replaced" if one.is_replaced else "expired"
            )
            for account in one.accounts:
                events.append(
                    tx,
                    type="offer.expired",
                    actor=SYSTEM,
                    at=now,
                    payload={
                        "id": one.offer_ref,
                        "case": one.case_ref,
                        "reason": "replaced" if one.is_replaced else "date",
                    },
                    account_ref=account.account_ref,
                    creditor_ref=account.creditor_ref,
                    debtor_ref=one.debtor_ref,
                )
        return len(ended)

from datetime import datetime, timedelta
from uuid import UUID

from portal.actions.contact.send_message import send_message
from portal.actions.links.send_link import queue_link
from portal.core.actors import DEBTOR
from portal.core.events.envelope import write_time
from portal.core.identity import RENEWALS_PER_HOUR
from portal.gateways.sms import SmsGateway
from portal.store import debtors, events, links, messages, sessions
from portal.store.debtors import new_ref
from portal.store.work import Transaction, Work

TEMPLATE = "link_renewed"


def renew_link(
    work: Work,
    *,
    now: datetime,
    sms: SmsGateway | None,
    base_url: str,
    token: str | None = None,
    link_id: UUID | None = None,
    session_token: str | None = None,
) -> None:
    """Send a fresh link to the number on file in place of one that no longer works; at most 3 in an hour.

    The old link is named by its token, its id, or the token of a visit that began with it, even one that has ended.
    Nothing is answered: whoever asks sees the same page whether or not a message went out.
    """
    with work.begin() as tx:
        if session_token is not None:
            link_id = sessions.find_link_of(tx, token=session_token)
        link = links.find_link(tx, token=token, link_id=link_id)
        message_id = None if link is None else _renew(tx, link, now=now, base_url=base_url)
    if message_id is not None and sms is not None:
        send_message(work, message_id=message_id, now=now, sms=sms)


def _renew(tx: Transaction, link: links.Link, *, now: datetime, base_url: str) -> UUID | None:
    debtor = debtors.lock_debtor(tx, debtor_id=link.debtor_id)
    if debtor is None or debtor.wrong_party_at is not None:
        return None
    asked = messages.list_times(
        tx, debtor_id=debtor.debtor_id, templates=[TEMPLATE], since=now - timedelta(hours=1)
    )
    if len(asked) >= RENEWALS_PER_HOUR:
        return None
    sent = queue_link(
        tx, debtor_id=debtor.debtor_id, now=now, base_url=base_url, template=TEMPLATE, actor=DEBTOR
    )
    fresh = links.find_link(tx, link_id=sent.link_id) if sent.link_id else None
    if fresh is None:
        return None
    payload = {
        "id": new_ref("lnk", fresh.link_id),
        "replaces": new_ref("lnk", link.link_id),
        "channel": "sms",
        "expires_at": write_time(fresh.expires_at),
    }
    events.append(
        tx, type="link.renewed", actor=DEBTOR, at=now, payload=payload, debtor_ref=debtor.debtor_ref
    )
    return sent.message_id

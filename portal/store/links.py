"""Links: the address in a text message. Only the digest of its token is kept, here and in the shared directory."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, insert, select, update

from portal.core.identity import LINK_LENGTH, TRIES_PER_DEBTOR, TRIES_PER_LINK
from portal.core.states import check_move
from portal.store import directory
from portal.store.cipher import secret_digest
from portal.store.tables.debtors import debtors
from portal.store.tables.identity import links
from portal.store.work import Transaction

LIVE = ("made", "opened")


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link; `tries` counts the answers that were evaluated on it."""

    link_id: UUID
    debtor_id: UUID
    state: str
    tries: int
    made_at: datetime
    expires_at: datetime

    def is_live(self, now: datetime) -> bool:
        """Tell whether the link still opens."""
        return self.state in LIVE and now < self.expires_at and self.tries < TRIES_PER_LINK


_LINK = (
    links.c.link_id,
    links.c.debtor_id,
    links.c.state,
    links.c.tries,
    links.c.made_at,
    links.c.expires_at,
)


def new_token() -> str:
    """Make the secret of a link: 130 bits, five to a letter."""
    made = base64.b32encode(secrets.token_bytes(-(-LINK_LENGTH * 5 // 8))).decode().lower()
    return made[:LINK_LENGTH]


def save_link(tx: Transaction, *, debtor_id: UUID, expires_at: datetime, now: datetime) -> tuple[UUID, str]:
    """Save a new link and give its id and its token, the only time the token exists in clear."""
    link_id = tx.new_id()
    token = new_token()
    tx.execute(
        insert(links).values(
            lender_id=tx.lender_id,
            link_id=link_id,
            token_digest=secret_digest(token),
            debtor_id=debtor_id,
            state="made",
            tries=0,
            made_at=now,
            expires_at=expires_at,
        )
    )
    directory.save_entry(tx, kind="link", secret=token, lender_id=tx.lender_id, subject_id=link_id, now=now)
    return link_id, token


def find_link(tx: Transaction, *, token: str | None = None, link_id: UUID | None = None) -> Link | None:
    """Find a link by its token or its id, whatever its state."""
    wanted = links.c.token_digest == secret_digest(token) if token is not None else links.c.link_id == link_id
    row = tx.execute(select(*_LINK).where(links.c.lender_id == tx.lender_id, wanted)).one_or_none()
    return None if row is None else Link(**row._mapping)


def open_link(tx: Transaction, *, link_id: UUID, now: datetime) -> bool:
    """Move a live link to opened; opening it again keeps the first time. False when it died in between."""
    check_move(noun="link", before="made", after="opened")
    step = (
        update(links)
        .where(
            links.c.lender_id == tx.lender_id,
            links.c.link_id == link_id,
            links.c.state.in_(LIVE),
            links.c.expires_at > now,
        )
        .values(state="opened", opened_at=case((links.c.opened_at.is_(None), now), else_=links.c.opened_at))
    )
    return tx.execute(step).rowcount == 1


def take_try(tx: Transaction, *, link_id: UUID) -> int | None:
    """Take one of the link's tries before the answer is looked at; gives its number, None when none is left.

    One statement counts and checks, and its row lock makes parallel tries wait for each other.
    """
    step = (
        update(links)
        .where(
            links.c.lender_id == tx.lender_id,
            links.c.link_id == link_id,
            links.c.state == "opened",
            links.c.tries < TRIES_PER_LINK,
        )
        .values(tries=links.c.tries + 1)
        .returning(links.c.tries)
    )
    return tx.execute(step).scalar_one_or_none()


def take_try_of_debtor(tx: Transaction, *, debtor_id: UUID) -> int | None:
    """Take one of the tries that a person has over all links for ever; None when none is left."""
    step = (
        update(debtors)
        .where(
            debtors.c.lender_id == tx.lender_id,
            debtors.c.debtor_id == debtor_id,
            debtors.c.identity_tries < TRIES_PER_DEBTOR,
        )
        .values(identity_tries=debtors.c.identity_tries + 1)
        .returning(debtors.c.identity_tries)
    )
    return tx.execute(step).scalar_one_or_none()


def give_try_back(tx: Transaction, *, debtor_id: UUID) -> None:
    """Give a try back that was right: only wrong answers count against a person."""
    tx.execute(
        update(debtors)
        .where(
            debtors.c.lender_id == tx.lender_id,
            debtors.c.debtor_id == debtor_id,
            debtors.c.identity_tries > 0,
        )
        .values(identity_tries=debtors.c.identity_tries - 1)
    )


def move_link(tx: Transaction, *, link_id: UUID, before: str, after: str, now: datetime) -> bool:
    """Move a link's state by compare-and-set; False when it was not in `before`."""
    check_move(noun="link", before=before, after=after)
    values = {"state": after} | ({"used_at": now} if after == "used" else {})
    step = (
        update(links)
        .where(links.c.lender_id == tx.lender_id, links.c.link_id == link_id, links.c.state == before)
        .values(**values)
    )
    return tx.execute(step).rowcount == 1


def revoke_links_of(tx: Transaction, *, debtor_id: UUID) -> int:
    """Revoke every live link of a person; gives how many."""
    for before in LIVE:
        check_move(noun="link", before=before, after="revoked")
    step = (
        update(links)
        .where(links.c.lender_id == tx.lender_id, links.c.debtor_id == debtor_id, links.c.state.in_(LIVE))
        .values(state="revoked")
    )
    return tx.execute(step).rowcount

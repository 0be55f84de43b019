"""A verified person comes in: the link is used up, the session is a new one, the phone is known from now on."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.actions.contact.choose_language import save_language
from portal.core.actors import DEBTOR
from portal.core.identity import DEVICE_COOKIE_DAYS
from portal.store import codes, debtors, events, links, sessions
from portal.store.debtors import Debtor, new_ref
from portal.store.work import Transaction

DEVICE_BYTES = 18  # 144 bits


@dataclass(frozen=True, kw_only=True)
class VerifyOutcome:
    """What an answer led to: verified, code_needed, mismatch, locked.

    A verified person gets a new session token and a token for the cookie by which this device is known again;
    `is_first` tells that they have not read their rights yet.
    """

    kind: str
    tries_left: int = 0
    session_token: str | None = None
    device_token: str | None = None
    is_first: bool = False


LOCKED = VerifyOutcome(kind="locked")


def let_in(
    tx: Transaction,
    *,
    debtor: Debtor,
    session_id: UUID,
    link_id: UUID,
    state: Mapping[str, Any],
    device: str | None,
    method: str,
    now: datetime,
) -> VerifyOutcome:
    """Let a verified person in, in an open transaction, and tell it.

    Locked when another request used the link first.
    """
    if not links.move_link(tx, link_id=link_id, before="opened", after="used", now=now):
        return LOCKED
    debtors.confirm_phone(tx, debtor_id=debtor.debtor_id, now=now)
    is_known, device_token = _remember_device(tx, debtor.debtor_id, device, now)
    _tell(tx, debtor, link_id, method=method, is_known=is_known, state=state, now=now)
    sessions.end_session(tx, session_id=session_id, now=now)
    session_token = sessions.start_session(
        tx,
        kind="debtor",
        subject_id=debtor.debtor_id,
        link_id=link_id,
        now=now,
        state=_kept(tx, debtor, state, method, now),
    )
    return VerifyOutcome(
        kind="verified",
        session_token=session_token,
        device_token=device_token,
        is_first="rights_seen" not in debtor.preferences,
    )


def _tell(
    tx: Transaction,
    debtor: Debtor,
    link_id: UUID,
    *,
    method: str,
    is_known: bool,
    state: Mapping[str, Any],
    now: datetime,
) -> None:
    payload = {
        "method": method,
        "link": new_ref("lnk", link_id),
        "device": "known" if is_known else "new",
        "reason_codes": list(state.get("reasons", [])),
    }
    events.append(
        tx, type="identity.verified", actor=DEBTOR, at=now, payload=payload, debtor_ref=debtor.debtor_ref
    )


def _remember_device(tx: Transaction, debtor_id: UUID, device: str | None, now: datetime) -> tuple[bool, str]:
    """Keep that the person was verified on this device; gives whether it was known, and its token."""
    is_known = codes.is_known_device(tx, debtor_id=debtor_id, device=device, now=now, days=DEVICE_COOKIE_DAYS)
    token = device if is_known and device else secrets.token_urlsafe(DEVICE_BYTES)
    codes.save_device(tx, debtor_id=debtor_id, device=token, now=now)
    return is_known, token


def _kept(
    tx: Transaction, debtor: Debtor, state: Mapping[str, Any], method: str, now: datetime
) -> dict[str, Any]:
    """Give what the new session keeps; a language that was picked before becomes the person's own."""
    language = state.get("chosen_language") or debtor.language
    if language != debtor.language:
        save_language(tx, debtor=debtor, language=language, now=now)
    creditor = {"creditor": state["creditor"]} if "creditor" in state else {}
    factors = {name: now.isoformat() for name in method.split("_and_")}
    return {"language": language, "factors": factors} | creditor

"""A letter is issued: what is known now becomes data and text, kept once and told; its PDF is a worker's task."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.actions.letters.gather import Desk, Draft, Wish, gather
from portal.actions.letters.print_letter import queue_print
from portal.actions.links.send_link import queue_link
from portal.core.actors import Actor
from portal.core.calendar import local_day
from portal.core.letters.frame import Frame, facts_hash
from portal.core.letters.letterhead import creditor_of, sender_of
from portal.core.letters.needs import can_make, lacking
from portal.core.packs.rules import pack_for
from portal.gateways.letter_pages import letter_language, write_letter
from portal.store import accounts, debtors, events, lenders, letters
from portal.store.accounts import Account
from portal.store.debtors import new_ref
from portal.store.letters import About, KeptLetter
from portal.store.rows import known
from portal.store.work import Transaction, Work

NOTICE = "letter_ready"
"""The message that a letter is there: a link, and nothing about anybody."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """The letter is there; `was_issued` tells that the same one had been before."""

    letter: KeptLetter
    was_issued: bool


@dataclass(frozen=True, kw_only=True)
class NotIssued:
    """There is no letter. `missing` names what the letterhead lacks.

    `reason`: unknown, not_here (the law asks for none here), incomplete, not_yet, nothing_owed, not_this.
    """

    reason: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks for a letter, and how it is to be.

    `debtor_id` where only that person's own account may be written about; `language` instead of the debtor's own;
    `is_printed`: its PDF is wanted at once; `only_first`: any earlier letter about the same will do; `is_announced`: a
    fresh letter brings a text message with a link, which says nothing else, when the law and the person's own wishes
    allow one.
    """

    by: Actor
    base_url: str
    debtor_id: UUID | None = None
    language: str | None = None
    is_printed: bool = True
    only_first: bool = False
    is_announced: bool = False


def issue_letter(work: Work, *, wish: Wish, asked: Asked, now: datetime) -> Issued | NotIssued:
    """Issue a letter about an account; asked again while nothing has changed, the same letter is given."""
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=wish.account_id)
        if account is None or (asked.debtor_id is not None and account.debtor_id != asked.debtor_id):
            return NotIssued(reason="unknown")
        desk = _desk(tx, account, wish, asked, now=now)
        refusal = _why_not(wish, desk)
        if refusal is not None:
            return refusal
        draft = gather(tx, desk, wish)
        if isinstance(draft, str):
            return NotIssued(reason=draft)
        kept = _standing(tx, account, draft, only_first=asked.only_first)
        letter = kept or _keep(tx, desk, draft, asked.by)
        if asked.is_printed:
            queue_print(tx, letter=letter, now=now)
        if asked.is_announced and kept is None:
            queue_link(
                tx,
                debtor_id=account.debtor_id,
                now=now,
                base_url=asked.base_url,
                template=NOTICE,
                actor=asked.by,
            )
        return Issued(letter=letter, was_issued=kept is not None)


def _desk(tx: Transaction, account: Account, wish: Wish, asked: Asked, *, now: datetime) -> Desk:
    debtor = known(debtors.find_debtor(tx, debtor_id=account.debtor_id))
    lender = known(lenders.find_lender(tx, lender_id=tx.lender_id))
    base_url = asked.base_url.rstrip("/")
    wished = (asked.language, debtor.language, lender.settings.get("language"))
    frame = Frame(
        letter_ref=new_ref("ltr", tx.new_id()),
        language=letter_language(*wished, kind=wish.kind, place=debtor.country),
        made_on=local_day(now=now, time_zone=debtor.time_zone),
        sender=sender_of(lender.settings, lender_name=lender.name),
        creditor=creditor_of(lender.settings, creditor_ref=account.creditor_ref, brand=account.brand_name),
        debtor_ref=debtor.debtor_ref,
        debtor_name=debtors.load_person(tx, debtor_id=account.debtor_id).full_name,
        account_ref=account.account_ref,
        currency=account.currency,
        opened_on=account.opened_on,
        place=debtor.country,
        pack=pack_for(debtor.country).ref,
        check_at=f"{base_url}/check",
        recalls=_recalled(tx, account, time_zone=debtor.time_zone),
    )
    return Desk(account=account, debtor=debtor, frame=frame, base_url=base_url, now=now)


def _recalled(tx: Transaction, account: Account, *, time_zone: str) -> tuple[str, date] | None:
    """Find the newest itemization of an account, by its printed number and its day."""
    first = letters.find_letter(tx, account_id=account.account_id, topic="itemization")
    if first is None:
        return None
    return first.letter_ref[-12:].upper(), local_day(now=first.issued_at, time_zone=time_zone)


def _why_not(wish: Wish, desk: Desk) -> NotIssued | None:
    frame = desk.frame
    if not can_make(wish.kind, frame.place, frame.sender):
        return NotIssued(reason="not_here")
    missing = lacking(wish.kind, place=frame.place, sender=frame.sender, creditor=frame.creditor)
    return NotIssued(reason="incomplete", missing=missing) if missing else None


def _standing(tx: Transaction, account: Account, draft: Draft, *, only_first: bool) -> KeptLetter | None:
    """Find the letter that says the same already, or that any earlier one will do for."""
    newest = letters.find_letter(tx, account_id=account.account_id, topic=draft.topic)
    if newest is None or only_first:
        return newest
    is_same = newest.facts_hash == facts_hash(draft.letter) and newest.replaced_at is None
    return newest if is_same else None


def _keep(tx: Transaction, desk: Desk, draft: Draft, actor: Actor) -> KeptLetter:
    page = write_letter(draft.letter, str(draft.letter["language"]))
    letter = letters.save_letter(
        tx,
        letter_id=UUID(hex=desk.frame.letter_ref.partition("_")[2]),
        letter=draft.letter,
        html=page.article,
        about=About(
            topic=draft.topic,
            debtor_id=desk.debtor.debtor_id,
            account_id=desk.account.account_id,
            agreement_id=draft.agreement_id,
            payment_id=draft.payment_id,
            valid_until=draft.valid_until,
        ),
        now=desk.now,
    )
    _tell(tx, desk, letter, actor)
    return letter


def _tell(tx: Transaction, desk: Desk, letter: KeptLetter, actor: Actor) -> None:
    payload: dict[str, Any] = {
        "id": letter.letter_ref,
        "kind": letter.kind,
        "digest": letter.html_hash,
        "data_digest": letter.content_hash,
    }
    if letter.agreement_id is not None:
        payload["agreement"] = new_ref("agr", letter.agreement_id)
    if letter.payment_id is not None:
        payload["payment"] = new_ref("pay", letter.payment_id)
    if letter.valid_until is not None:
        payload["valid_until"] = letter.valid_until.isoformat()
    events.append_for_accounts(
        tx,
        accounts=[desk.account],
        type="letter.issued",
        actor=actor,
        at=desk.now,
        debtor_ref=desk.debtor.debtor_ref,
        payload=payload,
    )

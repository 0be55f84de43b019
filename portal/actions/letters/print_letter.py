"""A letter's PDF: printed and sealed once by a worker, when somebody wants it."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.agreements.seal_paper import SealedPaper, seal_paper
from portal.core.actors import SYSTEM
from portal.gateways.languages import languages
from portal.gateways.letter_pages import write_letter
from portal.gateways.pdf import Letter
from portal.gateways.press import Press
from portal.store import accounts, debtors, documents, events, jobs, letters
from portal.store.documents import Document
from portal.store.letters import KeptLetter
from portal.store.rows import known
from portal.store.work import Transaction, Work

KIND, SEAL_KIND = "letter", "letter_seal"
PDF, JSON = "application/pdf", "application/json"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whether there was a letter to print, and whether it had been asked for before."""

    letter: KeptLetter | None
    was_wanted: bool = False


def ask_for_print(work: Work, *, letter_ref: str, debtor_id: UUID | None = None, now: datetime) -> Wanted:
    """Let a letter's PDF be made; with `debtor_id` only that person's own. Asking again changes nothing."""
    with work.begin() as tx:
        letter = letters.find_letter(tx, letter_ref=letter_ref)
        if letter is None or (debtor_id is not None and letter.debtor_id != debtor_id):
            return Wanted(letter=None)
        return Wanted(letter=letter, was_wanted=not queue_print(tx, letter=letter, now=now))


def queue_print(tx: Transaction, *, letter: KeptLetter, now: datetime) -> bool:
    """Put the task of printing a letter in, in an open transaction; False when it was asked for before."""
    if not letters.ask_print(tx, letter_id=letter.letter_id, now=now):
        return False
    jobs.defer(tx, "print_letter", queue="documents", letter_ref=letter.letter_ref)
    return True


def print_letter(work: Work, *, letter_ref: str, press: Press, now: datetime) -> bool:
    """Print, seal and store a letter's PDF; False when it is stored already or there is no such letter.

    That takes seconds, so it happens between short transactions. Raises TimeStampError when a time-stamp authority
    is set up and does not answer: the job tries again.
    """
    with work.read() as tx:
        letter = letters.find_letter(tx, letter_ref=letter_ref)
        if letter is None or letter.document_id is not None:
            return False
        content, html = letters.load_words(tx, letter_id=letter.letter_id)
    printed = press.print_letter(_copy(letter, content=content, html=html))
    made = seal_paper(work, printed=printed, reason=letter.letter_ref, press=press, now=now)
    with work.begin() as tx:
        accounts.lock_account(tx, account_id=letter.account_id)
        if known(letters.find_letter(tx, letter_id=letter.letter_id)).document_id is not None:
            return False
        _store(tx, letter, made, now=now)
    return True


def _copy(letter: KeptLetter, *, content: str, html: str) -> Letter:
    tongue = languages()[letter.language]
    return Letter(
        language=tongue.tag,
        direction=tongue.direction,
        title=write_letter(json.loads(content), letter.language).title,
        article=html,
        letter_json=content,
    )


def _store(tx: Transaction, letter: KeptLetter, made: SealedPaper, *, now: datetime) -> None:
    pdf = _save(tx, letter, kind=KIND, media_type=PDF, content=made.pdf, now=now)
    seal = _save(tx, letter, kind=SEAL_KIND, media_type=JSON, content=made.beside.encode(), now=now)
    letters.save_print(tx, letter_id=letter.letter_id, document_id=pdf.document_id, seal_id=seal.document_id)
    events.append_for_accounts(
        tx,
        accounts=[known(accounts.find_account(tx, account_id=letter.account_id))],
        type="letter.printed",
        actor=SYSTEM,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=letter.debtor_id)).debtor_ref,
        payload={
            "id": letter.letter_ref,
            "kind": letter.kind,
            "document": pdf.document_ref,
            "digest": pdf.content_hash,
            "signature": made.level,
            "signer": made.signer,
        },
    )


def _save(
    tx: Transaction, letter: KeptLetter, *, kind: str, media_type: str, content: bytes, now: datetime
) -> Document:
    return documents.save_document(
        tx, debtor_id=letter.debtor_id, kind=kind, media_type=media_type, content=content, now=now
    )

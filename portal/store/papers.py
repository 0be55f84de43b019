"""The papers that a stranger may ask about: the shared directory leads from a code or a file's hash to the lender."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, select, true

from portal.core.evidence.papers import code_of
from portal.store import directory, versions
from portal.store.agreements import Agreement
from portal.store.tables.agreements import agreements
from portal.store.tables.documents import documents
from portal.store.tables.letters import letters
from portal.store.work import Transaction

KIND = "paper"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper without anything about anybody: its kind, the state of its agreement (None: it has none), its hashes.

    `letter_id` is the letter that the paper is, or is the print of; `replaced_at` is when the version that stands now
    was signed, where one took the place of an agreement.
    """

    kind: str
    agreement_state: str | None
    made_at: datetime
    digests: tuple[str, ...]
    letter_id: UUID | None = None
    replaced_at: datetime | None = None


def register_paper(
    tx: Transaction, *, ref: str, digests: Iterable[str], subject_id: UUID, now: datetime
) -> int:
    """Let a paper be found by its code and by the hashes of its bytes; gives how many of these were missing."""
    return sum(
        directory.claim_entry(
            tx, kind=KIND, secret=secret, lender_id=tx.lender_id, subject_id=subject_id, now=now
        )
        for secret in (code_of(ref), *digests)
    )


PAGE = 500
REGISTERED: Mapping[str, tuple[Column[Any], Column[Any], tuple[Column[Any], ...], ColumnElement[bool]]] = {
    "agreements": (
        agreements.c.agreement_id,
        agreements.c.agreement_ref,
        (agreements.c.terms_hash, agreements.c.html_hash),
        agreements.c.signed_at.is_not(None),
    ),
    "letters": (
        letters.c.letter_id, letters.c.letter_ref, (letters.c.content_hash, letters.c.html_hash), true(),
    ),
    "documents": (
        documents.c.document_id, documents.c.document_ref, (documents.c.content_hash,), true(),
    ),
}  # fmt: skip
"""What can be asked about: the id of its row, its reference, its hashes, and which rows of the table are meant."""


def register_page(
    tx: Transaction, name: str, *, after: UUID | None, now: datetime
) -> tuple[int, UUID | None]:
    """Register one page of a kind of `REGISTERED`; gives how many entries were missing and the last id."""
    key, ref, hashes, meant = REGISTERED[name]
    wanted = select(key.label("subject"), ref.label("ref"), *hashes).where(
        key.table.c.lender_id == tx.lender_id, meant
    )
    if after is not None:
        wanted = wanted.where(key > after)
    rows = tx.execute(wanted.order_by(key).limit(PAGE)).all()
    added = sum(
        register_paper(tx, ref=row.ref, digests=row[2:], subject_id=row.subject, now=now) for row in rows
    )
    return added, rows[-1].subject if rows else None


def register_agreement(tx: Transaction, agreement: Agreement, *, now: datetime) -> None:
    """Let a signed agreement be found by its number, its terms and its text."""
    register_paper(
        tx,
        ref=agreement.agreement_ref,
        digests=(agreement.terms_hash, agreement.html_hash),
        subject_id=agreement.agreement_id,
        now=now,
    )


def find_paper(tx: Transaction, *, subject_id: UUID) -> Paper | None:
    """Find a signed agreement, a letter or a stored document by its id."""
    return (
        _find_agreement(tx, agreement_id=subject_id)
        or _find_letter(tx, letter_id=subject_id)
        or _find_document(tx, document_id=subject_id)
    )


def _find_agreement(tx: Transaction, *, agreement_id: UUID) -> Paper | None:
    row = tx.execute(
        select(
            agreements.c.state, agreements.c.signed_at, agreements.c.terms_hash, agreements.c.html_hash
        ).where(
            agreements.c.lender_id == tx.lender_id,
            agreements.c.agreement_id == agreement_id,
            agreements.c.signed_at.is_not(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return Paper(
        kind="agreement",
        agreement_state=row.state,
        made_at=row.signed_at,
        digests=(row.terms_hash, row.html_hash),
        replaced_at=_replaced_at(tx, agreement_id=agreement_id),
    )


def _find_letter(tx: Transaction, *, letter_id: UUID) -> Paper | None:
    named = (letters.c.kind, letters.c.issued_at, letters.c.content_hash, letters.c.html_hash)
    row = tx.execute(
        select(*named).where(letters.c.lender_id == tx.lender_id, letters.c.letter_id == letter_id)
    ).one_or_none()
    if row is None:
        return None
    digests = (row.content_hash, row.html_hash)
    return Paper(
        kind=row.kind, agreement_state=None, made_at=row.issued_at, digests=digests, letter_id=letter_id
    )


def _find_document(tx: Transaction, *, document_id: UUID) -> Paper | None:
    joined = documents.outerjoin(
        agreements,
        (agreements.c.lender_id == documents.c.lender_id)
        & (agreements.c.agreement_id == documents.c.agreement_id),
    ).outerjoin(
        letters,
        (letters.c.lender_id == documents.c.lender_id) & (letters.c.document_id == documents.c.document_id),
    )
    named = (documents.c.kind, documents.c.content_hash, documents.c.made_at)
    of_letter = (letters.c.letter_id, letters.c.kind.label("letter_kind"))
    row = tx.execute(
        select(*named, documents.c.agreement_id, agreements.c.state, *of_letter)
        .select_from(joined)
        .where(documents.c.lender_id == tx.lender_id, documents.c.document_id == document_id)
    ).one_or_none()
    if row is None:
        return None
    return Paper(
        kind=row.letter_kind or row.kind,
        agreement_state=row.state,
        made_at=row.made_at,
        digests=(row.content_hash,),
        letter_id=row.letter_id,
        replaced_at=_replaced_at(tx, agreement_id=row.agreement_id) if row.agreement_id else None,
    )


def _replaced_at(tx: Transaction, *, agreement_id: UUID) -> datetime | None:
    newest = versions.find_newest(tx, agreement_id=agreement_id)
    return newest.signed_at if newest else None

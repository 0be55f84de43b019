"""Letters: kept once as data and as text, found by account or person, replaced by newer ones about the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from portal.core.agreements.terms import text_hash
from portal.core.letters.frame import facts_hash, written
from portal.core.letters.standing import LetterFate
from portal.store import paper_counts, papers
from portal.store.tables.debtors import accounts
from portal.store.tables.letters import letters
from portal.store.tables.payments import payments
from portal.store.work import Transaction

LIST_MAX = 200


@dataclass(frozen=True, kw_only=True)
class KeptLetter:
    """A letter without its words. `topic` names what it is about; a newer one about the same replaces it.

    `document_id` is its PDF and `seal_id` the signature beside that, both empty until a worker has made them.
    """

    letter_id: UUID
    letter_ref: str
    debtor_id: UUID
    account_id: UUID
    agreement_id: UUID | None
    payment_id: UUID | None
    kind: str
    topic: str
    language: str
    content_hash: str
    html_hash: str
    facts_hash: str
    valid_until: date | None
    document_id: UUID | None
    seal_id: UUID | None
    issued_at: datetime
    print_asked_at: datetime | None
    replaced_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class About:
    """What a letter is about: its topic, whose it is, and how long it holds."""

    topic: str
    debtor_id: UUID
    account_id: UUID
    agreement_id: UUID | None = None
    payment_id: UUID | None = None
    valid_until: date | None = None


_LETTER = tuple(letters.c[name] for name in KeptLetter.__dataclass_fields__)


def save_letter(
    tx: Transaction, *, letter_id: UUID, letter: Mapping[str, Any], html: str, about: About, now: datetime
) -> KeptLetter:
    """Keep a letter and its text, sealed because they name a person; older ones about the same are replaced."""
    content = written(letter)
    kept = KeptLetter(
        letter_id=letter_id,
        letter_ref=letter["letter"],
        kind=letter["kind"],
        language=letter["language"],
        content_hash=text_hash(content),
        html_hash=text_hash(html),
        facts_hash=facts_hash(letter),
        document_id=None,
        seal_id=None,
        issued_at=now,
        print_asked_at=None,
        replaced_at=None,
        **vars(about),
    )
    older = update(letters).where(
        letters.c.lender_id == tx.lender_id,
        letters.c.account_id == about.account_id,
        letters.c.topic == about.topic,
        letters.c.replaced_at.is_(None),
    )
    tx.execute(older.values(replaced_at=now))
    sealed = {
        name: tx.seal(column=f"letters.{name}", row=letter_id, text=text)
        for name, text in (("content", content), ("html", html))
    }
    tx.execute(insert(letters).values(lender_id=tx.lender_id, **vars(kept), **sealed))
    digests = (kept.content_hash, kept.html_hash)
    papers.register_paper(tx, ref=kept.letter_ref, digests=digests, subject_id=letter_id, now=now)
    paper_counts.count_paper(tx, kind=kept.kind, now=now)
    return kept


def find_letter(
    tx: Transaction,
    *,
    letter_id: UUID | None = None,
    letter_ref: str | None = None,
    account_id: UUID | None = None,
    topic: str | None = None,
) -> KeptLetter | None:
    """Find a letter by its id or reference, or the newest of an account about a topic."""
    wanted = {"letter_id": letter_id, "letter_ref": letter_ref, "account_id": account_id, "topic": topic}
    conditions = [letters.c[name] == value for name, value in wanted.items() if value is not None]
    row = tx.execute(
        select(*_LETTER)
        .where(letters.c.lender_id == tx.lender_id, *conditions)
        .order_by(letters.c.letter_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _kept(row)


def list_letters(
    tx: Transaction,
    *,
    account_id: UUID | None = None,
    debtor_id: UUID | None = None,
    before: UUID | None = None,
    limit: int = LIST_MAX,
) -> list[KeptLetter]:
    """List the letters of an account or a person, newest first, from before `before` on."""
    wanted = {"account_id": account_id, "debtor_id": debtor_id}
    conditions = [letters.c[name] == value for name, value in wanted.items() if value is not None]
    page = select(*_LETTER).where(letters.c.lender_id == tx.lender_id, *conditions)
    if before is not None:
        page = page.where(letters.c.letter_id < before)
    return [_kept(row) for row in tx.execute(page.order_by(letters.c.letter_id.desc()).limit(limit))]


def _kept(row: Row[Any]) -> KeptLetter:
    return KeptLetter(**row._mapping)


def load_words(tx: Transaction, *, letter_id: UUID) -> tuple[str, str]:
    """Load a letter as it was kept: its canonical JSON and its HTML. Raises sqlalchemy.exc.NoResultFound."""
    row = tx.execute(
        select(letters.c.content, letters.c.html).where(
            letters.c.lender_id == tx.lender_id, letters.c.letter_id == letter_id
        )
    ).one()
    return (
        tx.unseal(column="letters.content", row=letter_id, sealed=row.content),
        tx.unseal(column="letters.html", row=letter_id, sealed=row.html),
    )


def ask_print(tx: Transaction, *, letter_id: UUID, now: datetime) -> bool:
    """Note that a letter's PDF is wanted; False when it was asked for before."""
    step = update(letters).where(
        letters.c.lender_id == tx.lender_id,
        letters.c.letter_id == letter_id,
        letters.c.print_asked_at.is_(None),
    )
    return tx.execute(step.values(print_asked_at=now)).rowcount == 1


def save_print(tx: Transaction, *, letter_id: UUID, document_id: UUID, seal_id: UUID) -> bool:
    """Keep which documents are a letter's PDF and the signature beside it; False when it has them already."""
    step = update(letters).where(
        letters.c.lender_id == tx.lender_id,
        letters.c.letter_id == letter_id,
        letters.c.document_id.is_(None),
    )
    return tx.execute(step.values(document_id=document_id, seal_id=seal_id)).rowcount == 1


def load_fate(tx: Transaction, *, letter: KeptLetter) -> LetterFate:
    """Load what became of that which a letter is about."""
    account = tx.execute(
        select(accounts.c.state).where(
            accounts.c.lender_id == tx.lender_id, accounts.c.account_id == letter.account_id
        )
    ).scalar_one()
    is_back = account == "open"
    if letter.kind == "receipt":
        row = tx.execute(
            select(payments.c.amount_minor, payments.c.refunded_minor, payments.c.returned_minor).where(
                payments.c.lender_id == tx.lender_id, payments.c.payment_id == letter.payment_id
            )
        ).one()
        is_back = row.refunded_minor + row.returned_minor >= row.amount_minor
    return LetterFate(
        kind=letter.kind,
        valid_until=letter.valid_until,
        is_replaced=letter.replaced_at is not None,
        has_gone_back=is_back,
    )

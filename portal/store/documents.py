import base64
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import insert, select

from portal.store import paper_counts, papers
from portal.store.debtors import new_ref
from portal.store.tables.documents import documents
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Document:
    """A stored file without its bytes; what was stored is never made anew."""

    document_id: UUID
    document_ref: str
    debtor_id: UUID
    agreement_id: UUID | None
    payment_id: UUID | None
    kind: str
    media_type: str
    content_hash: str
    made_at: datetime


_CONTENT = "documents.content"
_DOCUMENT = tuple(documents.c[name] for name in Document.__dataclass_fields__)


def save_document(
    tx: Transaction,
    *,
    debtor_id: UUID,
    kind: str,
    media_type: str,
    content: bytes,
    now: datetime,
    agreement_id: UUID | None = None,
    payment_id: UUID | None = None,
) -> Document:
    """Store a file, sealed because it may hold names, with the SHA-256 of its bytes."""
    document_id = tx.new_id()
    document = Document(
        document_id=document_id,
        document_ref=new_ref("doc", document_id),
        debtor_id=debtor_id,
        agreement_id=agreement_id,
        payment_id=payment_id,
        kind=kind,
        media_type=media_type,
        content_hash=sha256(content).hexdigest(),
        made_at=now,
    )
    sealed = tx.seal(column=_CONTENT, row=document_id, text=base64.b64encode(content).decode())
    tx.execute(insert(documents).values(lender_id=tx.lender_id, content=sealed, **vars(document)))
    papers.register_paper(
        tx, ref=document.document_ref, digests=[document.content_hash], subject_id=document_id, now=now
    )
    paper_counts.count_paper(tx, kind=kind, now=now)
    return document


def find_document(
    tx: Transaction,
    *,
    document_id: UUID | None = None,
    document_ref: str | None = None,
    agreement_id: UUID | None = None,
    payment_id: UUID | None = None,
    kind: str | None = None,
) -> Document | None:
    """Find the newest document that fits what is given."""
    wanted = {
        "document_id": document_id,
        "document_ref": document_ref,
        "agreement_id": agreement_id,
        "payment_id": payment_id,
        "kind": kind,
    }
    conditions = [documents.c[name] == value for name, value in wanted.items() if value is not None]
    row = tx.execute(
        select(*_DOCUMENT)
        .where(documents.c.lender_id == tx.lender_id, *conditions)
        .order_by(documents.c.document_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Document(**row._mapping)


def list_documents(tx: Transaction, *, debtor_id: UUID, limit: int = 200) -> list[Document]:
    """List a debtor's documents, newest first."""
    rows = tx.execute(
        select(*_DOCUMENT)
        .where(documents.c.lender_id == tx.lender_id, documents.c.debtor_id == debtor_id)
        .order_by(documents.c.document_id.desc())
        .limit(limit)
    )
    return [Document(**row._mapping) for row in rows]


def load_content(tx: Transaction, *, document_id: UUID) -> bytes:
    """Load the stored bytes; raises sqlalchemy.exc.NoResultFound when there is no such document."""
    sealed = tx.execute(
        select(documents.c.content).where(
            documents.c.lender_id == tx.lender_id, documents.c.document_id == document_id
        )
    ).scalar_one()
    return base64.b64decode(tx.unseal(column=_CONTENT, row=document_id, sealed=sealed))

"""A signed agreement gets its PDF, made once by a worker; what was stored is the copy from then on."""

from collections.abc import Callable
from datetime import datetime

from portal.actions.agreements.view_agreement import covered_accounts
from portal.core.actors import SYSTEM
from portal.core.agreements.terms import signature_digest
from portal.gateways.pdf import SignedCopy
from portal.store import agreements, debtors, documents, events
from portal.store.agreements import Agreement
from portal.store.documents import Document
from portal.store.rows import known
from portal.store.work import Transaction, Work


def store_copy(
    work: Work, *, agreement_ref: str, render: Callable[[SignedCopy], bytes], now: datetime
) -> bool:
    """Render and store the PDF of a signed agreement; False when it is stored already or nothing is signed.

    Rendering takes seconds, so it happens between two short transactions.
    """
    with work.read() as tx:
        agreement = agreements.find_agreement(tx, agreement_ref=agreement_ref)
        if agreement is None or agreement.signed_at is None or _stored(tx, agreement):
            return False
        copy = _copy(agreement, agreements.load_signer_name(tx, agreement_id=agreement.agreement_id) or "")
    content = render(copy)
    with work.begin() as tx:
        agreements.lock_agreement(tx, agreement_id=agreement.agreement_id)
        if _stored(tx, agreement):
            return False
        document = documents.save_document(
            tx,
            debtor_id=agreement.debtor_id,
            agreement_id=agreement.agreement_id,
            kind="agreement",
            media_type="application/pdf",
            content=content,
            now=now,
        )
        events.append_for_accounts(
            tx,
            accounts=covered_accounts(tx, agreement=agreement),
            type="letter.issued",
            actor=SYSTEM,
            at=now,
            debtor_ref=known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref,
            payload=_told(document, agreement_ref),
        )
    return True


def _told(document: Document, agreement_ref: str) -> dict[str, str]:
    told = {"id": document.document_ref, "kind": "agreement_copy", "digest": document.content_hash}
    return {**told, "agreement": agreement_ref}


def _stored(tx: Transaction, agreement: Agreement) -> bool:
    return documents.find_document(tx, agreement_id=agreement.agreement_id, kind="agreement") is not None


def _copy(agreement: Agreement, name: str) -> SignedCopy:
    labels = agreement.text_versions["labels"]
    signed = next(entry for entry in agreement.signing_log if entry["act"] == "signed")
    return SignedCopy(
        language=agreement.language,
        direction=labels["direction"],
        title=labels["title"],
        article=agreement.html,
        seal={
            labels["signed_by"]: name,
            labels["signed_at"]: f"{signed['at'][:19].replace('T', ' ')} UTC",
            labels["fingerprint"]: signature_digest(
                terms_hash=agreement.terms_hash, html_hash=agreement.html_hash
            ),
        },
        terms_json=agreement.terms_json,
    )

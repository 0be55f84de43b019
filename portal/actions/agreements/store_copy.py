"""A signed agreement gets its PDF, printed and countersigned once by a worker; what was stored stays the copy.

Beside it lies a signature over the same bytes by a post-quantum key (`core.agreements.detached`).
"""

from datetime import datetime

from portal.actions.agreements.seal_paper import SealedPaper, seal_paper
from portal.actions.agreements.view_agreement import covered_accounts
from portal.core.actors import SYSTEM
from portal.core.agreements.signing_log import log_facts, log_json, log_rows, signing_log
from portal.core.agreements.terms import signature_digest
from portal.gateways.pdf import SignedCopy
from portal.gateways.press import Press
from portal.store import agreements, debtors, documents, events, lenders
from portal.store.agreements import Agreement
from portal.store.documents import Document
from portal.store.rows import known
from portal.store.work import Transaction, Work

KIND, SEAL_KIND = "agreement", "agreement_seal"
PDF, JSON = "application/pdf", "application/json"


def store_copy(work: Work, *, agreement_ref: str, press: Press, now: datetime) -> bool:
    """Print, seal and store the copy of a signed agreement; False when it is stored already or nothing is signed.

    That takes seconds, so it happens between short transactions. Raises TimeStampError when a time-stamp authority
    is set up and does not answer: the job tries again, and a weaker seal is never stored in its place.
    """
    with work.read() as tx:
        agreement = agreements.find_agreement(tx, agreement_ref=agreement_ref)
        if agreement is None or agreement.signed_at is None or _stored(tx, agreement):
            return False
        name = agreements.load_signer_name(tx, agreement_id=agreement.agreement_id) or ""
        lender_name = known(lenders.find_lender(tx, lender_id=tx.lender_id)).name
    printed = press.print_agreement(_copy(agreement, name=name, lender_name=lender_name))
    made = seal_paper(work, printed=printed, reason=agreement.agreement_ref, press=press, now=now)
    with work.begin() as tx:
        agreements.lock_agreement(tx, agreement_id=agreement.agreement_id)
        if _stored(tx, agreement):
            return False
        _store(tx, agreement, made, now=now)
    return True


def _store(tx: Transaction, agreement: Agreement, made: SealedPaper, *, now: datetime) -> None:
    document = _save(tx, agreement, kind=KIND, media_type=PDF, content=made.pdf, now=now)
    _save(tx, agreement, kind=SEAL_KIND, media_type=JSON, content=made.beside.encode(), now=now)
    events.append_for_accounts(
        tx,
        accounts=covered_accounts(tx, agreement=agreement),
        type="letter.issued",
        actor=SYSTEM,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref,
        payload={
            "id": document.document_ref,
            "kind": "agreement_copy",
            "digest": document.content_hash,
            "agreement": agreement.agreement_ref,
            "signature": made.level,
            "signer": made.signer,
        },
    )


def _save(
    tx: Transaction, agreement: Agreement, *, kind: str, media_type: str, content: bytes, now: datetime
) -> Document:
    return documents.save_document(
        tx,
        debtor_id=agreement.debtor_id,
        agreement_id=agreement.agreement_id,
        kind=kind,
        media_type=media_type,
        content=content,
        now=now,
    )


def _stored(tx: Transaction, agreement: Agreement) -> bool:
    return documents.find_document(tx, agreement_id=agreement.agreement_id, kind=KIND) is not None


def _copy(agreement: Agreement, *, name: str, lender_name: str) -> SignedCopy:
    labels = agreement.text_versions["labels"]
    signed = next(entry for entry in agreement.signing_log if entry["act"] == "signed")
    log = signing_log(
        agreement_ref=agreement.agreement_ref,
        version=agreement.version,
        language=agreement.language,
        terms_json=agreement.terms_json,
        html=agreement.html,
        hashes_before=(agreement.terms_hash, agreement.html_hash),
        text_versions=agreement.text_versions,
        entries=agreement.signing_log,
    )
    title, *columns = (labels.get(word, word) for word in ("log", "when", "what", "where"))
    return SignedCopy(
        language=agreement.language,
        direction=labels["direction"],
        title=labels["title"],
        article=agreement.html,
        seal={
            labels["signed_by"]: name,
            labels["signed_at"]: f"{signed['at'][:19].replace('T', ' ')} UTC",
            labels.get("countersigned_by", "countersigned_by"): lender_name,
            labels["fingerprint"]: signature_digest(
                terms_hash=agreement.terms_hash, html_hash=agreement.html_hash
            ),
        },
        terms_json=agreement.terms_json,
        log_head=(title, columns[0], columns[1], columns[2]),
        log_rows=log_rows(log, labels=labels),
        log_facts=log_facts(log, labels=labels),
        log_json=log_json(log),
    )

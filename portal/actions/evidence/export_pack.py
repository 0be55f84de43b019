"""Somebody who may takes the evidence pack of an agreement out; that it was taken is an event of its own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.agreements.view_agreement import covered_accounts
from portal.actions.evidence.build_pack import KIND, LIMITED_KIND, Pages, build_pack
from portal.actions.evidence.seal_log import MakeKeys, seal_log
from portal.core.actors import Actor
from portal.core.evidence.checkpoint import ALGORITHMS, LogKey
from portal.gateways.log_keys import LogKeyPair
from portal.store import agreements, debtors, documents, events, form_tokens, log_keys, sealing
from portal.store.agreements import Agreement
from portal.store.documents import Document
from portal.store.rows import known
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The stored pack; its bytes never change."""

    document: Document


def export_pack(
    work: Work,
    *,
    agreement_ref: str,
    debtor_id: UUID | None,
    actor: Actor,
    pages: Pages,
    has_words: bool,
    make_keys: MakeKeys,
    form_token: str,
    now: datetime,
) -> Exported | None:
    """Build and keep the pack of a signed agreement; None when there is none, or it is another debtor's.

    The log is sealed first, so that the pack holds everything up to now. `debtor_id` is None for the lender's staff.
    `has_words` adds messages, disputes and complaints; without them it is another kind of paper, for a counselor. The
    same `form_token` gives the same pack again.
    """
    with work.read() as tx:
        agreement = agreements.find_agreement(tx, agreement_ref=agreement_ref)
        earlier = form_tokens.first_answer(tx, token=form_token)
    if agreement is None or agreement.signed_at is None or debtor_id not in (None, agreement.debtor_id):
        return None
    if earlier is not None:
        return _made(work, earlier)
    seal_log(work, make_keys=make_keys, now=now, at_once=True)
    try:
        return Exported(
            document=_export(work, agreement, actor, pages, form_token, has_words=has_words, now=now)
        )
    except PackedTwiceError:
        with work.read() as tx:
            return _made(work, known(form_tokens.first_answer(tx, token=form_token)))


def _export(
    work: Work,
    agreement: Agreement,
    actor: Actor,
    pages: Pages,
    form_token: str,
    *,
    has_words: bool,
    now: datetime,
) -> Document:
    kind = KIND if has_words else LIMITED_KIND
    with work.begin() as tx:
        content = build_pack(
            tx,
            agreement=agreement,
            head=known(sealing.find_newest_checkpoint(tx)),
            pages=pages,
            sign=lambda message: sign_manifest(tx, message),
            has_words=has_words,
        )
        document = _keep(tx, agreement, kind, content, now)
        if not form_tokens.use_token(tx, token=form_token, answer=document.document_ref, now=now):
            raise PackedTwiceError
        events.append_for_accounts(
            tx,
            accounts=covered_accounts(tx, agreement=agreement),
            type="data.exported",
            actor=actor,
            at=now,
            debtor_ref=known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref,
            payload={"kind": kind, "format": "zip", "digest": document.content_hash},
        )
    return document


class PackedTwiceError(Exception):
    """The same form was sent twice at the same moment; the first one's pack stands and this one is rolled back."""


def _made(work: Work, document_ref: str) -> Exported:
    with work.read() as tx:
        return Exported(document=known(documents.find_document(tx, document_ref=document_ref)))


def _keep(tx: Transaction, agreement: Agreement, kind: str, content: bytes, now: datetime) -> Document:
    return documents.save_document(
        tx,
        debtor_id=agreement.debtor_id,
        agreement_id=agreement.agreement_id,
        kind=kind,
        media_type="application/zip",
        content=content,
        now=now,
    )


def sign_manifest(tx: Transaction, message: bytes) -> list[tuple[LogKey, bytes]]:
    """Sign by the log's keys of both algorithms; ML-DSA-65 signs the same bytes differently each time."""
    name = log_keys.log_origin(tx)
    kept = {one.algorithm: one for one in log_keys.load_signing_keys(tx)}
    pairs = [
        LogKeyPair(
            key=LogKey(name=name, algorithm=algorithm, public=kept[algorithm].public_key),
            seed=kept[algorithm].seed,
        )
        for algorithm in ALGORITHMS
    ]
    return [(pair.key, pair.sign(message)) for pair in pairs]

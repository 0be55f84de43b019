"""What goes into the evidence pack of an agreement: the same state of the log gives the same bytes."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.actions.evidence.publish_keys import publish_keys
from portal.actions.letters.letter_files import letter_files
from portal.core.evidence import pack, seals, stamped
from portal.core.evidence.checkpoint import LogKey
from portal.core.evidence.documents import Entry, write_file, write_growth
from portal.core.evidence.leaf import read_leaf
from portal.core.evidence.pack import Facts
from portal.gateways.archives import write_archive
from portal.store import (
    accounts,
    agreements,
    documents,
    lenders,
    log_keys,
    pack_parts,
    payments,
    proofs,
    sealing,
    time_stamps,
    versions,
)
from portal.store.agreements import Agreement
from portal.store.rows import known
from portal.store.sealing import Checkpoint
from portal.store.work import Transaction

KIND = "evidence_pack"
LIMITED_KIND = "evidence_pack_limited"
#: Events that tell of a consent, and of an export before this one.
_CONSENTS = (
    "agreement.consented",
    "grant.given",
    "grant.revoked",
    "contact.preferences_changed",
    "mandate.created",
)
_EXPORTS = ("data.exported", "data.revealed")


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What a pack's index page says: facts that need no reading of the files."""

    lender: str
    agreement: Agreement
    accounts: tuple[str, ...]
    facts: Facts
    happenings: tuple[tuple[int, str, str], ...]
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The pages of a pack, written by the web floor: `index` gives one for each language, by its path."""

    index: Callable[[Cover], Mapping[str, bytes]]
    verifier: bytes


def build_pack(
    tx: Transaction,
    *,
    agreement: Agreement,
    head: Checkpoint,
    pages: Pages,
    sign: Callable[[bytes], Sequence[tuple[LogKey, bytes]]],
    has_words: bool,
) -> bytes:
    """Build the pack of an agreement at a checkpoint. `has_words` adds messages, disputes and complaints in full."""
    account_ids = agreements.list_account_ids(tx, agreement_id=agreement.agreement_id)
    covered = [known(accounts.find_account(tx, account_id=account_id)) for account_id in account_ids]
    refs = [one.account_ref for one in covered]
    entries = prove_all(tx, pack_parts.list_places(tx, account_refs=refs, up_to=head.size), head)
    facts = Facts(
        agreement=agreement.agreement_ref,
        lender=known(lenders.find_lender(tx, lender_id=tx.lender_id)).name,
        origin=log_keys.log_origin(tx),
        log_size=head.size,
        sealed_at=head.sealed_at.isoformat(),
    )
    files = _log_files(tx, entries, head)
    for one in _versions(tx, agreement):
        files |= _agreement_files(tx, one)
    for account in covered:
        files |= _account_files(tx, account.account_id, account.account_ref)
    if has_words:
        files |= _word_files(tx, agreement, account_ids)
    files["consents.json"] = _rows([_told(one) for one in entries if _type(one) in _CONSENTS])
    files["custody.json"] = write_file(_custody(agreement, entries, facts))
    files["verify.html"] = pages.verifier
    files |= pages.index(_cover(agreement, refs, facts, entries, files))
    manifest = pack.write_manifest(files, facts)
    seal = pack.write_seal(manifest, sign(pack.seal_text(manifest).encode()))
    return write_archive(files | {pack.MANIFEST: manifest, pack.SEAL: seal})


def _cover(
    agreement: Agreement,
    refs: Sequence[str],
    facts: Facts,
    entries: Sequence[Entry],
    files: Mapping[str, bytes],
) -> Cover:
    return Cover(
        lender=facts.lender,
        agreement=agreement,
        accounts=tuple(refs),
        facts=facts,
        happenings=tuple((one.index, read_leaf(one.leaf).at, _type(one)) for one in entries),
        files=tuple((path, pack.digest(content)) for path, content in sorted(files.items())),
    )


def _word_files(tx: Transaction, agreement: Agreement, account_ids: Sequence[UUID]) -> dict[str, bytes]:
    """Write what was said: it goes to those only who may read every word."""
    objections = pack_parts.list_objections(tx, account_ids=account_ids, debtor_id=agreement.debtor_id)
    return {
        "messages.json": _rows(pack_parts.list_messages(tx, debtor_id=agreement.debtor_id)),
        "disputes.json": _rows(objections),
    }


def prove_all(tx: Transaction, places: Sequence[int], head: Checkpoint) -> list[Entry]:
    """Prove the events at these places against one head."""
    return proofs.prove_entries(tx, positions=places, head=head) if places else []


def _log_files(tx: Transaction, entries: Sequence[Entry], head: Checkpoint) -> dict[str, bytes]:
    files = {
        pack.LOG: pack.write_log(entries),
        pack.CHECKPOINT: head.note.encode(),
        pack.KEYS: pack.write_keys(log_keys.list_public_keys(tx)),
        seals.KEYS: publish_keys(tx),
    }
    return files | _stamped_files(tx, head)


def _stamped_files(tx: Transaction, head: Checkpoint) -> dict[str, bytes]:
    """Give the newest head that an authority stamped, and the proof that the pack's head continues it."""
    stamp = time_stamps.find_newest(tx, up_to=head.size)
    if stamp is None:
        return {}
    note = known(sealing.find_checkpoint(tx, size=stamp.size)).note
    files = {stamped.STAMPED: note.encode(), stamped.STAMP: stamp.token}
    if stamp.size < head.size:
        growth = proofs.prove_growth(tx, old_size=stamp.size, new_size=head.size)
        files[stamped.GROWTH] = write_growth(growth)
    return files


def _versions(tx: Transaction, agreement: Agreement) -> list[Agreement]:
    """List every signed version of the agreement, the newest first."""
    newest = versions.find_newest(tx, agreement_id=agreement.agreement_id)
    found = [known(agreements.find_agreement(tx, agreement_id=newest.agreement_id)) if newest else agreement]
    while (before := found[-1].amends_id) is not None:
        found.append(known(agreements.find_agreement(tx, agreement_id=before)))
    return [one for one in found if one.signed_at is not None]


def _agreement_files(tx: Transaction, agreement: Agreement) -> dict[str, bytes]:
    folder = f"agreements/{agreement.agreement_ref}"
    installments = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    files = {
        f"{folder}/terms.json": agreement.terms_json.encode(),
        f"{folder}/agreement.html": agreement.html.encode(),
        f"{folder}/signing-log.json": _rows([dict(one) for one in agreement.signing_log]),
        f"{folder}/installments.json": _rows([_row(one) for one in installments]),
    }
    if agreement.amends_id is not None:
        files[f"{folder}/changes.json"] = write_file(json.loads(agreement.terms_json)["amends"])
    for kind, name in (("agreement", "copy.pdf"), ("agreement_seal", "copy-seal.json")):
        kept = documents.find_document(tx, agreement_id=agreement.agreement_id, kind=kind)
        if kept is not None:
            files[f"{folder}/{name}"] = documents.load_content(tx, document_id=kept.document_id)
    return files


def _account_files(tx: Transaction, account_id: UUID, ref: str) -> dict[str, bytes]:
    folder = f"accounts/{pack.path_word(ref)}"
    paid = payments.list_payments(tx, account_id=account_id, limit=1_000)
    shown = ("payment_ref", "amount_minor", "refunded_minor", "currency", "state", "method", "receipt_number")
    times = ("started_at", "settled_at", "value_on")
    listed = [{name: getattr(one, name) for name in shown + times} for one in reversed(paid)]
    return letter_files(tx, account_id=account_id, folder=folder) | {
        f"{folder}/ledger.json": _rows(pack_parts.list_postings(tx, account_id=account_id)),
        f"{folder}/payments.json": _rows(listed),
    }


def _custody(agreement: Agreement, entries: Sequence[Entry], facts: Facts) -> dict[str, Any]:
    """Tell where what is in the pack was kept and who took it out before."""
    return {
        "agreement": agreement.agreement_ref,
        "events": {
            "count": len(entries),
            "first_index": entries[0].index if entries else None,
            "last_index": entries[-1].index if entries else None,
        },
        "exports_before": [_told(one) for one in entries if _type(one) in _EXPORTS],
        "format": "portal-custody/1",
        "kept_by": facts.lender,
        "log": {"origin": facts.origin, "sealed_at": facts.sealed_at, "size": facts.log_size},
        "signed_at": agreement.signed_at.isoformat() if agreement.signed_at else None,
        "state": agreement.state,
    }


def _type(entry: Entry) -> str:
    return read_leaf(entry.leaf).type


def _told(entry: Entry) -> dict[str, Any]:
    leaf = read_leaf(entry.leaf)
    fields = {
        name: one.value for name, one in entry.disclosed.items() if name.startswith(("payload.", "actor"))
    }
    return {"at": leaf.at, "event": leaf.event, "fields": fields, "index": entry.index, "type": leaf.type}


def _row(one: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if not name.endswith("_id")}


def _rows(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return write_file({"rows": [{name: _plain(value) for name, value in row.items()} for row in rows]})


def _plain(value: Any) -> Any:
    """Return a value as it stands in a file: dates and times in ISO 8601, ids and decimals as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value

"""The evidence pack: the same state gives the same bytes, an outsider checks all of it, and each export is told."""

import io
import json
import secrets
import zipfile
from datetime import timedelta

import pytest

from portal.actions.agreements.seal_paper import seal_paper
from portal.actions.agreements.withdraw_agreement import withdraw_agreement
from portal.actions.amendments.propose_change import propose_change
from portal.actions.care.open_complaint import open_complaint
from portal.actions.evidence.build_pack import Pages, build_pack
from portal.actions.evidence.export_pack import export_pack, sign_manifest
from portal.core.actors import DEBTOR
from portal.core.amendments.reshape import Wish
from portal.core.evidence import pack
from portal.core.evidence.checkpoint import write_note
from portal.core.evidence.files import verify_files
from portal.gateways.archives import read_archive, write_archive
from portal.gateways.log_keys import is_signed_by, make_key_pairs
from portal.store import agreements, documents, log_keys, sealing
from tests import build
from tests.actions.chain import Chain
from tests.fakes import PressFake

PAGES = Pages(index=lambda cover: {"index.html": cover.facts.agreement.encode()}, verifier=b"<html>")
LATER = build.NOW + timedelta(minutes=5)


@pytest.fixture
def debtor_id(work):
    build.active_bounds(work)
    return build.a_debtor(work)


@pytest.fixture
def agreement(work, lender, debtor_id):
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    signed = Chain(work=work, account_id=account_id, debtor_id=debtor_id).signed()
    sealed = seal_paper(work, printed=b"%PDF", reason="agreement", press=PressFake(), now=build.NOW)
    with work.begin() as tx:
        for kind, media_type, content in (
            ("agreement", "application/pdf", sealed.pdf),
            ("agreement_seal", "application/json", sealed.beside.encode()),
        ):
            documents.save_document(
                tx, debtor_id=debtor_id, agreement_id=signed.agreement_id, kind=kind, media_type=media_type,
                content=content, now=build.NOW,
            )  # fmt: skip
    return signed


def export(work, agreement, *, now=LATER, **changes):
    plain = {
        "agreement_ref": agreement.agreement_ref,
        "debtor_id": agreement.debtor_id,
        "actor": DEBTOR,
        "pages": PAGES,
        "has_words": True,
        "make_keys": make_key_pairs,
        "form_token": secrets.token_hex(16),
        "now": now,
    }
    return export_pack(work, **plain | changes)


def amended(work, agreement):
    """Sign a later version of an agreement; gives it."""
    (account_id,) = account_ids(work, agreement)
    offered = propose_change(
        work, account_id=account_id, debtor_id=agreement.debtor_id, wish=Wish(kind="calendar", due_day=11),
        form_token=secrets.token_hex(16), today=build.NOW.date(), now=build.NOW,
    )  # fmt: skip
    chain = Chain(work=work, account_id=account_id, debtor_id=agreement.debtor_id)
    fresh = chain.prepare(offered.offer_ref).agreement
    chain.sign(fresh)
    return fresh


def account_ids(work, agreement):
    with work.read() as tx:
        return agreements.list_account_ids(tx, agreement_id=agreement.agreement_id)


def content_of(work, exported):
    with work.read() as tx:
        return documents.load_content(tx, document_id=exported.document.document_id)


@pytest.fixture
def content(work, agreement):
    return content_of(work, export(work, agreement))


@pytest.fixture
def keys(work, content):
    with work.read() as tx:
        return log_keys.list_public_keys(tx)


def faults(files, keys):
    return [one.part for one in verify_files(files, check=is_signed_by, trusted=keys).faults]


def test_it_holds_everything_and_an_outsider_finds_it_genuine(content, keys, agreement):
    files = read_archive(content)
    folder = f"agreements/{agreement.agreement_ref}"
    assert {
        "index.html", "verify.html", "manifest.json", "manifest.note", "keys.txt", "keys.json", "log/checkpoint.txt",
        "log/events.json",
        f"{folder}/terms.json", f"{folder}/agreement.html", f"{folder}/copy.pdf", f"{folder}/copy-seal.json",
        f"{folder}/signing-log.json",
        f"{folder}/installments.json", "messages.json", "disputes.json", "consents.json", "custody.json",
    } <= set(files)  # fmt: skip
    verdict = verify_files(files, check=is_signed_by, trusted=keys)
    assert verdict.faults == ()
    assert agreement.agreement_ref in verdict.facts[0]
    assert verify_files(files, check=is_signed_by, trusted=None).faults == ()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    types = [json.loads(one["leaf"])["type"] for one in json.loads(files["log/events.json"])["entries"]]
    assert "agreement.signed" in types
    ledger = next(value for path, value in files.items() if path.endswith("ledger.json"))
    assert json.loads(ledger) == {"rows": []}


def test_one_flipped_byte_in_any_file_names_the_file(content, keys):
    files = read_archive(content)
    for path in files:
        if not files[path]:
            continue
        at = len(files[path]) // 2
        changed = files[path][:at] + bytes([files[path][at] ^ 1]) + files[path][at + 1 :]
        found = faults(files | {path: changed}, keys)
        assert found, path
        if path not in ("manifest.json", "manifest.note", "keys.txt"):
            assert found == [path]


def test_files_taken_out_and_put_in_are_named(content, keys):
    files = read_archive(content)
    assert faults({path: one for path, one in files.items() if path != "consents.json"}, keys) == [
        "consents.json"
    ]
    assert faults(files | {"more.json": b"{}"}, keys) == ["more.json"]
    for path in ("manifest.json", "manifest.note", "keys.txt", "log/checkpoint.txt"):
        assert faults({name: one for name, one in files.items() if name != path}, keys) != []


def test_an_agreement_swapped_by_somebody_with_the_manifests_key_contradicts_the_sealed_signature(
    content, keys, work
):
    files = read_archive(content)
    terms = next(path for path in files if path.endswith("terms.json"))
    files[terms] = files[terms].replace(b"1", b"2", 1)
    body = {path: one for path, one in files.items() if path not in (pack.MANIFEST, pack.SEAL)}
    about = json.loads(files[pack.MANIFEST])["about"]
    manifest = pack.write_manifest(body, pack.Facts(**about))
    with work.read() as tx:
        seal = pack.write_seal(manifest, sign_manifest(tx, pack.seal_text(manifest).encode()))
    forged = body | {pack.MANIFEST: manifest, pack.SEAL: seal}
    assert faults(forged, keys) == [terms.rpartition("/")[0]]


def test_the_same_state_gives_the_same_files_and_only_the_second_signature_differs(work, agreement):
    export(work, agreement)
    built = []
    for _ in range(2):
        with work.read() as tx:
            head = sealing.find_newest_checkpoint(tx)
            built.append(
                build_pack(
                    tx, agreement=agreement, head=head, pages=PAGES, has_words=True,
                    sign=lambda message: sign_manifest(tx, message),
                )
            )  # fmt: skip
    one, other = (read_archive(content) for content in built)
    assert one.pop(pack.SEAL).splitlines()[:4] == other.pop(pack.SEAL).splitlines()[:4]
    assert one == other
    assert write_archive(read_archive(built[0])) == built[0]


def test_a_pack_without_its_second_signature_is_not_genuine_and_an_old_pack_still_is(content, keys, work):
    files = read_archive(content)
    with work.read() as tx:
        first, second = sign_manifest(tx, pack.seal_text(files[pack.MANIFEST]).encode())
        for kept in ([first], [second]):
            stripped = files | {pack.SEAL: pack.write_seal(files[pack.MANIFEST], kept)}
            assert faults(stripped, keys) == [pack.SEAL]
        text = pack.seal_text(files[pack.MANIFEST], format_=pack.OLD_FORMAT)
        (old,) = [one for one in sign_manifest(tx, text.encode()) if one[0].algorithm == "ed25519"]
    assert faults(files | {pack.SEAL: write_note(text, [old]).encode()}, keys) == []


def test_each_export_is_told_and_stands_in_the_custody_of_the_next(work, agreement, content):
    told = [row for row in build.events_of(work) if row.type == "data.exported"]
    assert [row.payload["kind"] for row in told] == ["evidence_pack"]
    again = read_archive(content_of(work, export(work, agreement, now=LATER + timedelta(minutes=5))))
    before = json.loads(again["custody.json"])["exports_before"]
    assert len(before) == 1
    assert told[0].payload["digest"] in before[0]["fields"]["payload.digest"]


def test_a_counselor_gets_no_words(work, agreement, debtor_id):
    open_complaint(
        work,
        debtor_id=debtor_id,
        topic="other",
        words="private words",
        language="en",
        token="t" * 30,
        now=build.NOW,
    )
    files = read_archive(content_of(work, export(work, agreement, has_words=False)))
    assert not {"messages.json", "disputes.json"} & set(files)
    assert all(b"private words" not in one for one in files.values())
    with_words = read_archive(content_of(work, export(work, agreement, now=LATER + timedelta(minutes=3))))
    assert b"private words" in with_words["disputes.json"]


def test_nobody_takes_out_what_is_not_theirs(work, agreement, lender):
    stranger = build.a_debtor(work)
    assert export(work, agreement, debtor_id=stranger) is None
    assert export(work, agreement, agreement_ref="agr_nothing") is None
    assert export(work, agreement, debtor_id=None) is not None


def test_the_same_form_twice_gives_the_same_pack(work, agreement):
    token = secrets.token_hex(16)
    one, two = (export(work, agreement, form_token=token) for _ in range(2))
    assert one == two
    assert [row.type for row in build.events_of(work)].count("data.exported") == 1


def test_a_pack_of_either_version_holds_both_and_says_which_one_was_replaced(work, agreement):
    fresh = amended(work, agreement)
    for one in (agreement, fresh):
        files = read_archive(content_of(work, export(work, one)))
        verdict = verify_files(files, check=is_signed_by)
        assert verdict.is_genuine, verdict.faults
        said = f"agreement {agreement.agreement_ref} is superseded by {fresh.agreement_ref} of 2026-12-01"
        assert said in verdict.facts
        changes = json.loads(files[f"agreements/{fresh.agreement_ref}/changes.json"])
        assert changes["agreement"] == agreement.agreement_ref
        assert {row["term"] for row in changes["changes"]} >= {"payment", "count", "left", "rate"}


def test_a_version_that_was_taken_back_replaced_nothing(work, agreement):
    fresh = amended(work, agreement)
    withdraw_agreement(work, agreement_ref=fresh.agreement_ref, debtor_id=agreement.debtor_id, now=build.NOW)
    verdict = verify_files(read_archive(content_of(work, export(work, agreement))), check=is_signed_by)
    assert verdict.is_genuine
    assert not any("superseded" in line for line in verdict.facts)

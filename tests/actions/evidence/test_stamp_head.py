"""Stamps of the demo's authority on heads of a log, checked as an outsider does: in proof and pack, by the monitor."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
from sqlalchemy import update

from portal.actions.evidence.audit_log import audit_log
from portal.actions.evidence.seal_log import seal_log
from portal.actions.evidence.stamp_head import stamp_head
from portal.core.evidence.documents import read_file, read_proof, write_proof
from portal.core.evidence.files import verify_file, verify_files
from portal.gateways.archives import read_archive
from portal.gateways.log_keys import is_signed_by, make_key_pairs
from portal.gateways.time_stamps import TimeStampAuthority, stamp_time
from portal.simulators.serving import running
from portal.simulators.time_stamps.app import TimeStamps
from portal.simulators.time_stamps.authority import open_authority
from portal.store import proofs
from portal.store.tables.evidence import time_stamps
from tests import build
from tests.actions.evidence.test_export_pack import LATER, agreement, content_of, debtor_id, export

__all__ = ["agreement", "debtor_id"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    home = tmp_path_factory.mktemp("stamps")
    with running(TimeStamps(open_authority(home)).app) as url:
        yield TimeStampAuthority(url=url, roots_file=str(home / "root.pem"))


@pytest.fixture
def check(authority):
    return lambda token, content: stamp_time(token, content, roots_file=authority.roots_file)


@pytest.fixture
def stamped(work, agreement, authority):
    """Seal the log of an agreement and have its head stamped; gives the head's size."""
    seal_log(work, make_keys=make_key_pairs, now=build.NOW, at_once=True)
    return stamp_head(work, authority=authority, now=build.NOW)


def signed_event(work):
    return next(row for row in build.events_of(work) if row.type == "agreement.signed").id


def test_a_proof_carries_the_stamp_and_a_foreign_tool_agrees(work, stamped, authority, check):
    with work.read() as tx:
        content = write_proof(proofs.prove_event(tx, event_id=signed_event(work)))
    verdict = verify_file(content, check=is_signed_by, check_stamp=check)
    assert verdict.is_genuine
    assert any(line.startswith("time stamp: the checkpoint existed at") for line in verdict.facts)
    assert "not checked" in " ".join(verify_file(content, check=is_signed_by).facts)
    proof = read_proof(read_file(content))
    root = x509.load_pem_x509_certificate(Path(authority.roots_file).read_bytes())
    verifier = VerifierBuilder().add_root_certificate(root).build()
    response = decode_timestamp_response(proof.time_stamp)
    assert verifier.verify_message(response, proof.checkpoint.encode())
    with pytest.raises(VerificationError):
        verifier.verify_message(response, proof.checkpoint.encode() + b" ")


def test_a_pack_holds_the_stamped_head_and_that_the_log_only_grew_since(work, agreement, stamped, check):
    export(work, agreement)  # tells an event, so that the log grows behind the stamped head
    files = read_archive(content_of(work, export(work, agreement, now=LATER + timedelta(minutes=1))))
    verdict = verify_files(files, check=is_signed_by, check_stamp=check)
    assert verdict.is_genuine, verdict.faults
    assert any(line.startswith("time stamp: the checkpoint existed at") for line in verdict.facts)
    assert "log/stamped-consistency.json" in files


def test_a_stamp_on_another_head_is_named(work, stamped, check):
    assert audit_log(work, check=is_signed_by, check_stamp=check).finding is None
    with work.begin() as tx, pytest.raises(Exception, match="permission denied"):
        tx.execute(update(time_stamps).values(token=b"x"))


def test_the_monitor_finds_a_stamp_that_is_not_over_its_head(work, stamped):
    found = audit_log(work, check=is_signed_by, check_stamp=lambda _token, _content: None).finding
    assert (found.part, found.index) == ("time_stamp", stamped - 1)

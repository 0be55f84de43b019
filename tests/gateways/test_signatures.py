"""Seals that tools which we did not write check: poppler's pdfsig, qpdf, pyHanko; each also against a flipped byte."""

import asyncio
import io
import random
import shutil
import subprocess
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from portal.gateways.pdf import render_agreement
from portal.gateways.signatures import (
    B_B,
    B_LTA,
    FIELD,
    is_signed,
    make_identity,
    seal_pdf,
    sign_detached,
    trusting,
)
from portal.gateways.time_stamps import TimeStampAuthority, TimeStampError
from portal.simulators.serving import running
from portal.simulators.time_stamps.app import TimeStamps
from portal.simulators.time_stamps.authority import open_authority
from tests.gateways.test_pdf import a_copy

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
SEED = 20261124


def needs(tool):
    return pytest.mark.skipif(
        shutil.which(tool) is None, reason=f"{tool} is not here, and no package manager could bring it"
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    home = tmp_path_factory.mktemp("stamps")
    with running(TimeStamps(open_authority(home)).app) as url:
        yield TimeStampAuthority(url=url, roots_file=str(home / "root.pem"))


@pytest.fixture(scope="module")
def identity():
    return make_identity("Northwind Finance")


@pytest.fixture(scope="module")
def plain():
    return render_agreement(a_copy())


@pytest.fixture(scope="module")
def sealed(plain, identity, authority):
    made = seal_pdf(plain, identity=identity, reason="agr_01", authority=authority)
    assert made.level == B_LTA
    return made.pdf


def status_of(pdf, identity, authority):
    """Validate the lender's signature as pyHanko sees it; a file that it cannot even read is no valid one."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    assert signature.field_name == FIELD
    return validate_pdf_signature(signature, trusting(identity, authority.roots()))


def test_nothing_of_the_printed_bytes_changes_and_the_file_stays_small(plain, sealed):
    assert sealed.startswith(plain)
    assert len(sealed) <= 200_000


def test_pyhanko_trusts_the_seal_with_our_root_and_not_without(sealed, identity, authority):
    status = status_of(sealed, identity, authority)
    assert status.bottom_line
    assert status.timestamp_validity.trusted
    stranger = make_identity("Northwind Finance")
    assert not status_of(sealed, stranger, authority).bottom_line


def test_pyhanko_says_that_it_lasts(sealed, identity, authority):
    """PAdES B-LTA: ETSI EN 319 102-1 section 5.6.3, out of the file alone."""
    trust = trusting(identity, authority.roots()).certificate_registry
    roots = [one for one in trust if one.self_issued]
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(roots),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("soft-fail")),
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=policy))
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_regular_signatures
    result = asyncio.run(ades_lta_validation(signature, spec))
    assert result.ades_subindic is AdESPassed.OK
    assert result.oldest_evidence_record_timestamp is not None


def is_valid(pdf, identity, authority):
    """Tell whether pyHanko says yes; whatever a reader says of a file that it cannot follow is no yes."""
    try:
        return status_of(pdf, identity, authority).bottom_line
    except Exception:  # noqa: BLE001 - a broken file breaks a reader in many ways
        return False


def test_every_flipped_byte_of_the_signed_part_is_found(sealed, plain, identity, authority):
    dice = random.Random(SEED)
    assert is_valid(sealed, identity, authority)
    for place in [0, len(plain) - 1, *dice.sample(range(len(plain)), 12)]:
        flipped = bytearray(sealed)
        flipped[place] ^= 1
        assert not is_valid(bytes(flipped), identity, authority), (SEED, place)


@needs("pdfsig")
def test_poppler_finds_the_signature_valid_and_a_flipped_byte_not(sealed, plain, tmp_path):
    def said(pdf):
        file = tmp_path / "copy.pdf"
        file.write_bytes(pdf)
        return subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout

    first = said(sealed).partition("Signature #2")[0]
    assert "Signer Certificate Common Name: Northwind Finance" in first
    assert "Signature Type: ETSI.CAdES.detached" in first
    assert "Signature Validation: Signature is Valid." in first
    place = plain.index(b"stream", len(plain) // 2) + 40
    flipped = bytearray(sealed)
    flipped[place] ^= 1
    assert (
        "Signature Validation: Signature is Valid." not in said(bytes(flipped)).partition("Signature #2")[0]
    )


@needs("qpdf")
def test_qpdf_finds_no_fault_and_finds_a_torn_file(sealed, tmp_path):
    def check(pdf):
        file = tmp_path / "copy.pdf"
        file.write_bytes(pdf)
        return subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)

    whole = check(sealed)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "No syntax or stream encoding errors" in whole.stdout
    assert check(sealed[: len(sealed) // 2]).returncode != 0


def test_without_an_authority_the_seal_says_so(plain, identity, authority):
    made = seal_pdf(plain, identity=identity, reason="agr_01")
    assert made.level == B_B
    status = status_of(made.pdf, identity, authority)
    assert status.bottom_line
    assert status.timestamp_validity is None


def test_a_silent_authority_makes_no_weaker_seal(plain, identity, authority):
    gone = TimeStampAuthority(url="http://127.0.0.1:9", roots_file=authority.roots_file)
    with pytest.raises(TimeStampError):
        seal_pdf(plain, identity=identity, reason="agr_01", authority=gone)


def test_the_signature_beside_holds_for_these_bytes_alone(sealed, identity):
    one = sign_detached(sealed, identity=identity, now=NOW)
    assert is_signed(sealed, one)
    assert not is_signed(sealed + b" ", one)
    stranger = sign_detached(sealed, identity=make_identity("Other"), now=NOW)
    for change in (
        {"signed_at": "2027-01-01T00:00:00+00:00"},
        {"signature": stranger.signature},
        {"public_key": stranger.public_key},
        {"signature": one.signature[:-1] + bytes([one.signature[-1] ^ 1])},
    ):
        assert not is_signed(
            sealed, type(one)(**{name: getattr(one, name) for name in one.__slots__} | change)
        )


@pytest.mark.parametrize("name", ["", "ธนาคารเหนือ", "N" * 400, "a,CN=Evil", "\u202eecnaniF"])
def test_whatever_a_lender_is_called_it_gets_a_certificate(plain, authority, name):
    made = make_identity(name)
    sealed = seal_pdf(plain, identity=made, reason="x")
    assert status_of(sealed.pdf, made, authority).bottom_line

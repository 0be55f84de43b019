"""Seals documents with a lender's own certificate (PAdES, ETSI EN 319 142-1) and signs their digest with ML-DSA-65.

A lender's identity is a small authority of its own (P-256) with an empty revocation list and one signer under it, so a
reader can pin one root per lender. With a time-stamp authority the seal is B-LTA, without one B-B.
"""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.core.agreements.detached import Detached, message
from portal.gateways.time_stamps import TimeStampAuthority

#: Certificates hold on both sides of every clock that may look at them, the demo's travelling one too.
VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
VALID_FOR = timedelta(days=365 * 40)
FIELD = "Lender"
NO_NAME = "Lender"
NAME_MAX = 60
SIGNATURE_BYTES_MAX = 24_576
"""Hexadecimal digits kept free for the signature and its stamp; without it pyHanko would sign once more to measure."""
B_LTA, B_B = "pades_b_lta", "pades_b_b"
#: It warns at each document that nothing may be fetched; that is how we want it.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)


@dataclass(frozen=True, kw_only=True)
class SigningIdentity:
    """What a lender signs with, as text that can be sealed: certificates and keys in PEM, the ML-DSA seed in hex.

    `fingerprint` is the SHA-256 of the signer's certificate.
    """

    root_pem: str
    root_key_pem: str = field(repr=False)
    revoked_pem: str
    signer_pem: str
    signer_key_pem: str = field(repr=False)
    quantum_seed: str = field(repr=False)
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A sealed PDF and the level that it reached (`pades_b_lta`, `pades_b_b`)."""

    pdf: bytes
    level: str


def make_identity(name: str) -> SigningIdentity:
    """Make a fresh identity for a lender of this name."""
    root_key, signer_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    called = name.strip()[:NAME_MAX] or NO_NAME
    root = _certificate(f"{called[:50]} documents", root_key.public_key(), root_key, issuer=None)
    signer = _certificate(called, signer_key.public_key(), root_key, issuer=root)
    revoked = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(VALID_FROM)
        .next_update(VALID_FROM + VALID_FOR)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(_authority(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return SigningIdentity(
        root_pem=root.public_bytes(Encoding.PEM).decode(),
        root_key_pem=_pem(root_key),
        revoked_pem=revoked.public_bytes(Encoding.PEM).decode(),
        signer_pem=signer.public_bytes(Encoding.PEM).decode(),
        signer_key_pem=_pem(signer_key),
        quantum_seed=MLDSA65PrivateKey.generate().private_bytes_raw().hex(),
        fingerprint=signer.fingerprint(hashes.SHA256()).hex(),
    )


def _certificate(
    name: str,
    public: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    issuer: x509.Certificate | None,
) -> x509.Certificate:
    """Issue a certificate: a root of itself without `issuer`, else one that only signs documents."""
    is_root = issuer is None
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = {
        "digital_signature": not is_root,
        "content_commitment": not is_root,
        "key_cert_sign": is_root,
        "crl_sign": is_root,
    }
    never = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_FROM + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(x509.KeyUsage(**usage, **dict.fromkeys(never, False)), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(_authority(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _authority(public: ec.EllipticCurvePublicKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(public)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


# ---- sealing a PDF


def seal_pdf(
    pdf: bytes, *, identity: SigningIdentity, reason: str, authority: TimeStampAuthority | None = None
) -> Sealed:
    """Add the lender's signature to a PDF as an increment; nothing of the given bytes changes.

    With an `authority` the signature and the whole file get time stamps and all that is needed to check them later
    (B-LTA). Raises TimeStampError when the authority does not answer: a seal is never made weaker silently.
    """
    signer = signers.SimpleSigner(
        signing_cert=_load(identity.signer_pem),
        signing_key=_load_key(identity.signer_key_pem),
        cert_registry=_registry([identity.root_pem, identity.signer_pem]),
    )
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=authority is not None,
        use_pades_lta=authority is not None,
        validation_context=_context(identity, authority) if authority else None,
    )
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        meta,
        signer,
        timestamper=authority.stamper() if authority else None,
        bytes_reserved=SIGNATURE_BYTES_MAX,
    )
    return Sealed(pdf=out.getvalue(), level=B_LTA if authority else B_B)


def trusting(identity: SigningIdentity, roots: Sequence[asn1_x509.Certificate] = ()) -> ValidationContext:
    """Give what a checker has who trusts the lender's root and these roots of time-stamp authorities."""
    return ValidationContext(
        trust_roots=[_load(identity.root_pem), *roots],
        crls=[x509.load_pem_x509_crl(identity.revoked_pem.encode()).public_bytes(Encoding.DER)],
        allow_fetching=False,
    )


def _context(identity: SigningIdentity, authority: TimeStampAuthority) -> ValidationContext:
    return trusting(identity, authority.roots())


def _registry(certificates: Sequence[str]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register_multiple([_load(pem) for pem in certificates])
    return store


def _load(pem: str) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER))


def _load_key(pem: str) -> asn1_keys.PrivateKeyInfo:
    key = load_pem_private_key(pem.encode(), password=None)
    return asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


# ---- the signature beside it


def sign_detached(content: bytes, *, identity: SigningIdentity, now: datetime) -> Detached:
    """Sign the SHA-256 of a file with ML-DSA-65."""
    private = MLDSA65PrivateKey.from_seed_bytes(bytes.fromhex(identity.quantum_seed))
    key_id, public = quantum_key(identity.quantum_seed)
    digest, at = sha256(content).hexdigest(), now.isoformat(timespec="seconds")
    return Detached(
        file_sha256=digest,
        key_id=key_id,
        public_key=public,
        signature=private.sign(message(file_sha256=digest, signed_at=at)),
        signed_at=at,
    )


def quantum_key(seed: str) -> tuple[str, bytes]:
    """Give the number and the raw public key of what signs beside the papers, from its seed in hex."""
    public = MLDSA65PrivateKey.from_seed_bytes(bytes.fromhex(seed)).public_key().public_bytes_raw()
    return sha256(public).hexdigest()[:16], public


def certified_key(signer_pem: str) -> bytes:
    """Give the public key that a certificate speaks of, as an uncompressed point (SEC 1, 2.3.3)."""
    public = x509.load_pem_x509_certificate(signer_pem.encode()).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def is_signed(content: bytes, one: Detached) -> bool:
    """Tell whether a detached signature holds for these bytes, by the key that it names.

    Whether that key is the lender's is for the reader to know: compare `public_key` with the one published.
    """
    if sha256(content).hexdigest() != one.file_sha256:
        return False
    signed = message(file_sha256=one.file_sha256, signed_at=one.signed_at)
    try:
        MLDSA65PublicKey.from_public_bytes(one.public_key).verify(one.signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True

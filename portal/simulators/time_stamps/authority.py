"""The keys and certificates of a time-stamp authority: a root, and one certificate that stamps and does nothing else.

The stamping key is RSA-2048, because that is what every reader checks; the root is RSA too, for one chain of a kind.
"""

import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
VALID_FOR = timedelta(days=365 * 40)
KEY, STAMPER, ROOT = "key.pem", "stamper.pem", "root.pem"


@dataclass(frozen=True, kw_only=True)
class Authority:
    """What stamps: the key, its certificate, and the root above it."""

    key: RSAPrivateKey
    stamper: x509.Certificate
    root: x509.Certificate


def open_authority(home: Path | None) -> Authority:
    """Read the authority of a folder, or make one there; without a folder it lives as long as its process."""
    if home is None:
        return make_authority()
    if (home / ROOT).exists():
        key = load_pem_private_key((home / KEY).read_bytes(), password=None)
        if not isinstance(key, RSAPrivateKey):
            sys.exit(f"{home / KEY} is no RSA key")
        stamper, root = (
            x509.load_pem_x509_certificate((home / name).read_bytes()) for name in (STAMPER, ROOT)
        )
        return Authority(key=key, stamper=stamper, root=root)
    made = make_authority()
    home.mkdir(parents=True, exist_ok=True)
    _write(home / KEY, made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _write(home / STAMPER, made.stamper.public_bytes(Encoding.PEM))
    _write(home / ROOT, made.root.public_bytes(Encoding.PEM))  # last: it says that the folder is whole
    return made


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, at once as a whole."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)


def make_authority() -> Authority:
    """Make a fresh authority."""
    root_key, key = generate_private_key(65_537, 2_048), generate_private_key(65_537, 2_048)
    root = _certificate("Test time-stamp root", root_key.public_key(), root_key, root=None)
    stamper = _certificate("Test time-stamp authority", key.public_key(), root_key, root=root)
    return Authority(key=key, stamper=stamper, root=root)


def _certificate(
    name: str, public: RSAPublicKey, issuer_key: RSAPrivateKey, *, root: x509.Certificate | None
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    is_root = root is None
    usage = {"digital_signature": not is_root, "key_cert_sign": is_root, "crl_sign": is_root}
    never = (
        "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
        "decipher_only",
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.subject if root else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_FROM + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(x509.KeyUsage(**usage, **dict.fromkeys(never, False)), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if not is_root:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return made.sign(issuer_key, hashes.SHA256())

"""The public keys of a lender as anybody may have them: what signs its log, and what signs its papers.

With this file alone an outsider checks checkpoints, manifests and detached signatures; docs/evidence.md says how.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from portal.core.errors import EvidenceError
from portal.core.evidence.documents import read_file, write_file
from portal.core.evidence.leaf import write_exact_time

FORMAT = "portal-keys/1"
LOG, PAPERS = "log", "papers"
ADDRESS = "/.well-known/portal-keys/"
"""Where the file of a company lies, with its short name behind (RFC 8615)."""
OIDS: Mapping[str, str] = MappingProxyType(
    {
        "ed25519": "1.3.101.112",
        "ml-dsa-65": "2.16.840.1.101.3.4.3.18",
        "ecdsa-p256-sha256": "1.2.840.10045.4.3.2",
    }
)
"""Object identifiers of the signature algorithms: RFC 8410, FIPS 204 (NIST CSOR), RFC 5758."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicKey:
    """One key: what it signs (`log` or `papers`), its algorithm, its number, its raw bytes, and since when it signs.

    `until` is when it was retired: it signs nothing more, and what it signed before stays signed. `more` holds other
    forms of it: PEM, the line of a signed note, certificates.
    """

    use: str
    algorithm: str
    key_id: str
    public: bytes
    since: datetime
    until: datetime | None
    more: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the key as it stands in the file."""
        return {
            "algorithm": self.algorithm,
            "key_id": self.key_id,
            "oid": OIDS[self.algorithm],
            "public_key": base64.b64encode(self.public).decode(),
            "since": write_exact_time(self.since),
            "until": None if self.until is None else write_exact_time(self.until),
            "use": self.use,
            **self.more,
        }


def write_public_keys(*, lender: str, origin: str, keys: Sequence[PublicKey]) -> bytes:
    """Return the file: whose keys these are, the name of the log, and the keys, the oldest first."""
    listed = [key.to_dict() for key in keys]
    return write_file({"format": FORMAT, "keys": listed, "lender": lender, "log": origin})


def read_public_keys(content: bytes, *, use: str, algorithm: str) -> dict[str, bytes]:
    """Return the raw keys of one use and algorithm by their numbers; raises EvidenceError for another kind of file."""
    document = read_file(content)
    if document.get("format") != FORMAT or not isinstance(document.get("keys"), list):
        raise EvidenceError("the file is no list of public keys")
    return dict(_chosen(document["keys"], use, algorithm))


def _chosen(listed: Iterable[Any], use: str, algorithm: str) -> Iterable[tuple[str, bytes]]:
    for one in listed:
        try:
            if (one["use"], one["algorithm"]) == (use, algorithm):
                yield str(one["key_id"]), base64.b64decode(one["public_key"], validate=True)
        except (KeyError, TypeError, binascii.Error) as fault:
            raise EvidenceError("the list of public keys holds what is no key") from fault

"""A time-stamp authority (RFC 3161) over HTTP: asks, checks the answer against the trusted roots, or says why not."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import httpx
from asn1crypto import pem, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.sign.timestamps import TimeStamper
from rfc3161_client import (
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.base import HashAlgorithm

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
ANSWER_MAX = 64 * 1024
SECONDS_MAX = 15.0


class TimeStampError(RuntimeError):
    """The time-stamp authority did not answer, or not with a stamp that its roots vouch for."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A stamp as it came: the DER of the whole answer, and the time that the authority says."""

    token: bytes
    stamped_at: datetime


@dataclass(frozen=True, kw_only=True)
class TimeStampAuthority:
    """One authority by its address. `roots_file` holds in PEM the roots that its certificates must lead to."""

    url: str
    roots_file: str

    def roots(self) -> list[asn1_x509.Certificate]:
        """Read the trusted roots; raises TimeStampError when there are none."""
        try:
            blocks = list(pem.unarmor(Path(self.roots_file).read_bytes(), multiple=True))
        except (OSError, ValueError) as problem:
            raise TimeStampError("the roots of the time-stamp authority cannot be read") from problem
        return [asn1_x509.Certificate.load(der) for _, _, der in blocks]

    def stamper(self) -> TimeStamper:
        """Give the form in which pyHanko asks; it keeps one answer of the authority to know how large a stamp is."""
        return _stamper_of(self)

    def stamp(self, content: bytes) -> Stamp:
        """Stamp these bytes (SHA-512 over them) and check the answer; raises TimeStampError."""
        request = (
            TimestampRequestBuilder()
            .data(content)
            .hash_algorithm(HashAlgorithm.SHA512)
            .nonce(nonce=True)
            .build()
        )
        raw = self.ask(request.as_bytes())
        self._verify(VerifierBuilder.from_request(request), raw, content)
        return Stamp(token=raw, stamped_at=decode_timestamp_response(raw).tst_info.gen_time)

    def check(self, raw: bytes, content: bytes) -> None:
        """Check that an answer stamps exactly these bytes; raises TimeStampError."""
        self._verify(VerifierBuilder(), raw, content)

    def _verify(self, verifier: VerifierBuilder, raw: bytes, content: bytes) -> None:
        for root in self.roots():
            verifier = verifier.add_root_certificate(x509.load_der_x509_certificate(root.dump()))
        try:
            verifier.build().verify_message(decode_timestamp_response(raw), content)
        except (VerificationError, ValueError) as problem:
            raise TimeStampError(
                "the stamp is not over these bytes, or not by a trusted authority"
            ) from problem

    def ask(self, query: bytes) -> bytes:
        """Post a query and give the answer's body; redirects are not followed, a long body is not read."""
        try:
            with _client().stream("POST", self.url, content=query, headers={"Content-Type": QUERY}) as answer:
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > ANSWER_MAX:
                        raise TimeStampError("the time-stamp authority's answer is too long")
        except httpx.HTTPError as problem:
            raise TimeStampError("the time-stamp authority cannot be reached") from problem
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.status_code != httpx.codes.OK or kind != REPLY:
            raise TimeStampError(f"the time-stamp authority answered {answer.status_code}")
        return body


def stamp_time(raw: bytes, content: bytes, *, roots_file: str) -> datetime | None:
    """Return when a stamp says that these bytes existed; None unless a root of the file vouches for it."""
    try:
        TimeStampAuthority(url="", roots_file=roots_file).check(raw, content)
        return decode_timestamp_response(raw).tst_info.gen_time
    except (TimeStampError, ValueError):
        return None


@cache
def _client() -> httpx.Client:
    """Make the process's one client: a fresh one would read the system's certificates for every stamp."""
    return httpx.Client(timeout=SECONDS_MAX, follow_redirects=False, trust_env=False)


class _Stamper(TimeStamper):
    """pyHanko's way to ask, over the authority above; the random number of a query is ours."""

    def __init__(self, authority: TimeStampAuthority) -> None:
        super().__init__(include_nonce=True)
        self._authority = authority

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(await asyncio.to_thread(self._authority.ask, req.dump()))


@cache
def _stamper_of(authority: TimeStampAuthority) -> _Stamper:
    return _Stamper(authority)

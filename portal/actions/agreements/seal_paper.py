"""A printed paper is sealed by the lender's certificate, and a post-quantum signature over it is made beside it."""

from dataclasses import dataclass
from datetime import datetime

from portal.actions.agreements.signing_identity import signing_identity
from portal.core.agreements import detached
from portal.gateways.press import Press
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class SealedPaper:
    """A finished paper: its bytes, the level of its seal, who sealed it, and the signature beside it."""

    pdf: bytes
    level: str
    signer: str
    beside: str


def seal_paper(work: Work, *, printed: bytes, reason: str, press: Press, now: datetime) -> SealedPaper:
    """Seal a printed paper; outside of any transaction, because it takes a second.

    Raises TimeStampError when a time-stamp authority is set up and does not answer.
    """
    identity = signing_identity(work, press=press, now=now)
    sealed = press.seal(printed, identity=identity, reason=reason)
    beside = detached.write(press.sign(sealed.pdf, identity=identity, now=now))
    return SealedPaper(pdf=sealed.pdf, level=sealed.level, signer=identity.fingerprint, beside=beside)

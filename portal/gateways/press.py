"""All that a worker needs to print, seal and sign a document, in one part that tests can play."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.core.agreements.detached import Detached
from portal.gateways import pdf, signatures
from portal.gateways.pdf import Letter, SignedCopy
from portal.gateways.signatures import Sealed, SigningIdentity
from portal.gateways.time_stamps import TimeStampAuthority


class Press(Protocol):
    """Whatever prints and seals documents."""

    def make_identity(self, name: str) -> SigningIdentity:
        """Make what a lender of this name signs with."""

    def print_agreement(self, copy: SignedCopy) -> bytes:
        """Print a signed agreement."""

    def print_letter(self, letter: Letter) -> bytes:
        """Print a letter."""

    def seal(self, content: bytes, *, identity: SigningIdentity, reason: str) -> Sealed:
        """Countersign a PDF with the lender's certificate; raises TimeStampError when the stamps cannot be had."""

    def sign(self, content: bytes, *, identity: SigningIdentity, now: datetime) -> Detached:
        """Sign a file's digest with the post-quantum key."""


@dataclass(frozen=True, kw_only=True)
class PdfPress:
    """The real one: WeasyPrint and pyHanko; without an `authority` seals carry no time stamp."""

    authority: TimeStampAuthority | None = None

    def make_identity(self, name: str) -> SigningIdentity:
        """Make a fresh P-256 and ML-DSA-65 identity."""
        return signatures.make_identity(name)

    def print_agreement(self, copy: SignedCopy) -> bytes:
        """Render the agreement as PDF/A-4f."""
        return pdf.render_agreement(copy)

    def print_letter(self, letter: Letter) -> bytes:
        """Render the letter as PDF/A-4f."""
        return pdf.render_letter(letter)

    def seal(self, content: bytes, *, identity: SigningIdentity, reason: str) -> Sealed:
        """Add the PAdES signature."""
        return signatures.seal_pdf(content, identity=identity, reason=reason, authority=self.authority)

    def sign(self, content: bytes, *, identity: SigningIdentity, now: datetime) -> Detached:
        """Sign with ML-DSA-65."""
        return signatures.sign_detached(content, identity=identity, now=now)

"""Outside parties of a dozen lines."""

from dataclasses import dataclass, field
from hashlib import sha256

from portal.core.agreements.detached import PUBLIC_KEY_BYTES, SIGNATURE_BYTES, Detached
from portal.gateways.signatures import Sealed, SigningIdentity
from portal.gateways.sms import SmsReceipt


@dataclass
class SmsFake:
    """A carrier that keeps what it was given; `state` is what it answers."""

    state: str = "sent"
    sent: list = field(default_factory=list)

    def send(self, *, to, text, key):
        self.sent.append((to, text, key))
        return SmsReceipt(
            state=self.state,
            carrier_id=f"c-{len(self.sent)}" if self.state == "sent" else None,
            reason="" if self.state == "sent" else "refused",
        )

    @property
    def last_text(self):
        return self.sent[-1][1]

    @property
    def last_link(self):
        return next(word for word in self.last_text.split() if "/l/" in word)

    @property
    def last_token(self):
        return self.last_link.rpartition("/")[2]

    @property
    def last_code(self):
        return self.last_text.rpartition("#")[2]


@dataclass
class PressFake:
    """A press that keeps what it was given and prints a line."""

    printed: list = field(default_factory=list)
    made: int = 0

    def make_identity(self, name):
        self.made += 1
        return SigningIdentity(
            root_pem="root",
            root_key_pem="key",
            revoked_pem="none",
            signer_pem=f"{name} {self.made}",
            signer_key_pem="key",
            quantum_seed="00",
            fingerprint=sha256(f"{name} {self.made}".encode()).hexdigest(),
        )

    def print_agreement(self, copy):
        self.printed.append(copy)
        return b"%PDF-a copy"

    def print_letter(self, letter):
        self.printed.append(letter)
        return b"%PDF-a letter"

    def seal(self, content, *, identity, reason):
        return Sealed(pdf=content + b" sealed for " + reason.encode(), level="pades_b_b")

    def sign(self, content, *, identity, now):
        return Detached(
            file_sha256=sha256(content).hexdigest(),
            key_id="fake",
            public_key=b"k" * PUBLIC_KEY_BYTES,
            signature=b"s" * SIGNATURE_BYTES,
            signed_at=now.isoformat(),
        )

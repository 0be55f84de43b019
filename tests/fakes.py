"""Outside parties of a dozen lines."""

from dataclasses import dataclass, field

from portal.gateways.signatures import Sealed, make_identity, sign_detached
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
        return make_identity(f"{name} {self.made}")

    def print_agreement(self, copy):
        self.printed.append(copy)
        return b"%PDF-a copy"

    def print_letter(self, letter):
        self.printed.append(letter)
        return b"%PDF-a letter"

    def seal(self, content, *, identity, reason):
        return Sealed(pdf=content + b" sealed for " + reason.encode(), level="pades_b_b")

    def sign(self, content, *, identity, now):
        return sign_detached(content, identity=identity, now=now)

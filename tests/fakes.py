"""Outside parties of a dozen lines."""

from dataclasses import dataclass, field

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

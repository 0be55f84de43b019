"""What a client got, in plain words: every outcome that the lender's side or the client caused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.money import Money
from portal.store.feeds import Happening
from portal.web.format import said
from portal.web.language import lazy_gettext as _l

#: Each outcome with its words; `%(amount)s` is the event's own figure, where it has one.
OUTCOMES: Mapping[str, Any] = {
    "message.sent": _l("A text message"),
    "offer.shown": _l("An offer"),
    "offer.countered": _l("The nearest plan to what was asked"),
    "offer.accepted": _l("Chose an offer"),
    "case.handed_off": _l("A person at the lender looks at it"),
    "case.answered": _l("An answer from a person"),
    "agreement.signed": _l("Signed a plan"),
    "agreement.withdrawn": _l("Took the plan back"),
    "agreement.broken": _l("The plan ended because payments did not come"),
    "agreement.completed": _l("All paid"),
    "payment.succeeded": _l("Paid %(amount)s"),
    "payment.failed": _l("A payment of %(amount)s did not go through"),
    "payment.refunded": _l("Got money back"),
    "installment.missed": _l("A payment was not received"),
    "installment.moved": _l("Moved a payment"),
    "pause.started": _l("A pause began"),
    "pause.ended": _l("The pause ended"),
    "dispute.opened": _l("Said that something is wrong"),
    "dispute.answered": _l("An answer to what is wrong"),
    "complaint.answered": _l("An answer to a complaint"),
    "training.enrolled": _l("Started the course"),
    "training.milestone_verified": _l("A step of the course was confirmed"),
    "training.reward_vested": _l("%(amount)s taken off the plan"),
    "training.ended": _l("The course ended"),
    "letter.issued": _l("A letter"),
}


@dataclass(frozen=True, kw_only=True)
class FeedLine:
    """One outcome and when it came."""

    words: str
    at: datetime


def feed_lines(found: list[Happening]) -> list[FeedLine]:
    """Say what happened; offers that came at once are said once."""
    lines: list[FeedLine] = []
    for one in found:
        line = FeedLine(words=_words(one), at=one.occurred_at)
        if not lines or (lines[-1].words, lines[-1].at) != (line.words, line.at):
            lines.append(line)
    return lines


def _words(one: Happening) -> str:
    amount = one.payload.get("amount")
    figure = said(Money(amount["minor"], amount["currency"])) if amount else ""
    return str(OUTCOMES[one.type]) % {"amount": figure}

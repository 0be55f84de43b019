"""What comes next for a client: one line of the caseload, from what the grant lets the counselor know."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.store.caseload import Client, NextPayment
from portal.store.grants import Grant
from portal.store.proposals import ShownProposal
from portal.web.language import gettext as _

ENDS_SOON = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class NextAction:
    """What comes next for a client, by when, and the state as a tag."""

    words: str
    kind: str
    state: str
    by: date | None = None
    is_today: bool = False


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the grant lets us know of a client before their page is opened."""

    grant: Grant
    client: Client
    currency: str
    payment: NextPayment | None
    proposal: ShownProposal | None
    promised_on: date | None
    today: date


def next_action(known: Known) -> NextAction:
    """Say what comes next for a client, the most pressing first."""
    return _pressing(known) or _going_on(known)


def _pressing(known: Known) -> NextAction | None:
    today, ends_on = known.today, known.grant.expires_at.date()
    if known.payment is not None and known.payment.due_on < today:
        return NextAction(
            words=_("A payment did not come. Call your client"),
            kind="missed",
            state=_("Not received"),
            by=today,
            is_today=True,
        )
    if known.promised_on is not None:
        return NextAction(
            words=_("The lender looks at it and answers"),
            kind="person",
            state=_("Being checked"),
            by=known.promised_on,
        )
    if ends_on - today <= ENDS_SOON:
        return NextAction(
            words=_("Ask for consent again"), kind="coming", state=_("Consent ends"), by=ends_on
        )
    return None


def _going_on(known: Known) -> NextAction:
    payment, proposal = known.payment, known.proposal
    if payment is not None:
        return NextAction(
            words=_("Next payment of the plan"), kind="done", state=_("Plan runs"), by=payment.due_on
        )
    if proposal is not None and proposal.stands(known.today):
        return NextAction(
            words=_("Your client decides on your proposal"),
            kind="doing",
            state=_("With the client"),
            by=proposal.expires_on,
        )
    if known.grant.allows("propose"):
        return NextAction(
            words=_("Propose a plan"), kind="coming", state=_("No plan yet"), by=known.today, is_today=True
        )
    return NextAction(words=_("Nothing to do"), kind="coming", state=_("No plan yet"))

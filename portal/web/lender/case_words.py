"""Codes of cases, holds, answers and disputes in the words of the console."""

from collections.abc import Callable, Mapping

from portal.web.language import gettext as _

Words = Mapping[str, Callable[[], str]]

_CAUSES: Words = {
    "asked_for_paper": lambda: _("Wants to sign on paper: please send it by post"),
    "asked_for_person": lambda: _("Wants to speak to a person"),
    "wants_person": lambda: _("Wants to speak to a person"),
    "approval_declined": lambda: _("An offer was not approved: the debtor waits for another answer"),
    "asks_used": lambda: _("Asked more often than the rules answer by themselves"),
    "nothing_fits": lambda: _("No plan inside the bounds fits"),
    "negative_budget": lambda: _("The budget leaves nothing over"),
    "vulnerable": lambda: _("Needs extra support"),
    "extra_support": lambda: _("Needs extra support"),
    "urgent_help": lambda: _("Needs help urgently: call first"),
    "renegotiations_used": lambda: _("Changed the plan more often than the rules allow"),
    "dispute": lambda: _("Says that something is wrong"),
    "complaint": lambda: _("A complaint is open"),
    "deceased": lambda: _("The person may have died"),
    "bankrupt": lambda: _("Bankruptcy"),
    "bankruptcy": lambda: _("Bankruptcy"),
    "statutory_freeze": lambda: _("The law pauses the account"),
    "statute_barred": lambda: _("Too old for a court, by the pack"),
    "no_segment": lambda: _("No segment of the bounds covers the account"),
    "active_plan": lambda: _("There is a plan already"),
    "in_breathing_space": lambda: _("A pause is running"),
    "not_verified": lambda: _("Who they are was not shown"),
    "none": lambda: _("No plan"),
    "balance_change": lambda: _("Your system says another balance than the signed plan"),
    "nothing_owed": lambda: _("Nothing is owed"),
    "recalled": lambda: _("Recalled"),
}
_ANSWERS: Words = {
    "accept": lambda: _("Accepted what was asked"),
    "counter": lambda: _("Offered another plan"),
    "decline": lambda: _("Said no, with the reason"),
    "ask_more": lambda: _("Asked a question"),
    "close": lambda: _("Closed after a talk"),
}
_ANSWER_REASONS: Words = {
    "within_authority": lambda: _("Within my authority"),
    "goodwill": lambda: _("Goodwill"),
    "hardship": lambda: _("Hardship"),
    "budget_does_not_carry": lambda: _("The budget does not carry it"),
    "papers_needed": lambda: _("Papers are needed"),
    "answered_by_phone": lambda: _("Answered by phone"),
}
_HOLDS: Words = {
    "dispute": lambda: _("Dispute"),
    "complaint": lambda: _("Complaint"),
    "moratorium": lambda: _("Moratorium"),
    "adviser": lambda: _("An adviser is helping"),
    "deceased": lambda: _("The person may have died"),
    "bankrupt": lambda: _("Bankruptcy"),
    "statutory_freeze": lambda: _("The law pauses the account"),
    "statute_barred": lambda: _("Too old for a court, by the pack"),
    "prison": lambda: _("The person is in prison"),
    "disaster": lambda: _("A disaster"),
    "balance_change": lambda: _("The balance is being looked at"),
    "pause": lambda: _("Pause asked for by the debtor"),
    "urgent_help": lambda: _("Urgent help"),
}
_DISPUTES: Words = {
    "not_mine": lambda: _("Not theirs"),
    "already_paid": lambda: _("Already paid"),
    "wrong_amount": lambda: _("Wrong amount"),
    "fraud": lambda: _("Fraud or identity theft"),
    "quality": lambda: _("What was bought was not right"),
    "deceased": lambda: _("The person has died"),
    "bankrupt": lambda: _("Bankruptcy"),
    "other": lambda: _("Something else"),
}
_CONTACT: Words = {
    "": lambda: _("A message may go out now"),
    "wrong_party": lambda: _("The number belongs to somebody else"),
    "stopped": lambda: _("The person wants no messages"),
    "held": lambda: _("Every account of the person is on hold"),
    "planned": lambda: _("A signed plan runs: only its own messages go out"),
    "too_many": lambda: _("Enough messages went out in the last days"),
    "quiet_hours": lambda: _("Outside the hours of contact"),
}


def _said(words: Words, code: str) -> str:
    found = words.get(code)
    return found() if found else code.replace("_", " ")


def cause_words(code: str) -> str:
    """Say why a case needs a person."""
    return _said(_CAUSES, code)


def answer_words(code: str) -> str:
    """Say how a person answered."""
    return _said(_ANSWERS, code)


def answer_reason_words(code: str) -> str:
    """Say why a person answered so."""
    return _said(_ANSWER_REASONS, code)


def hold_words(code: str) -> str:
    """Name the cause of a hold."""
    return _said(_HOLDS, code)


def dispute_words(code: str) -> str:
    """Name the reason of a dispute."""
    return _said(_DISPUTES, code)


def contact_words(reason: str) -> str:
    """Say what the rules of contact decide."""
    return _said(_CONTACT, reason)

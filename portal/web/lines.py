"""The lines of a balance in words: what each one is, and why it is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.money import Money
from portal.store.accounts import Account, Line
from portal.web.format import day_text, money_text, percent_text
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

_LABELS = {
    "original": _l("Amount borrowed"),
    "principal": _l("Amount borrowed, still to pay"),
    "interest": _l("Interest"),
    "fees": _l("Fees"),
    "penalty": _l("Late fees"),
    "payment": _l("You paid. Thank you"),
    "credit": _l("Taken off"),
    "waiver": _l("Removed by us"),
    "other_changes": _l("Changed since then"),
    "other": _l("Other"),
}
#: Why a line is there; the two others depend on the account.
_REASONS = {
    "original": _l("This is what you borrowed on %(day)s, or what you bought cost."),
    "fees": _l("Fees that your agreement of %(day)s allows. Ask us which ones they are."),
    "penalty": _l("Added when a payment did not come on its day."),
    "payment": _l("We booked this payment. It makes the total smaller."),
    "credit": _l("This makes the total smaller."),
    "waiver": _l("We took this off. You do not have to pay it."),
    "other_changes": _l("Payments and changes that we booked after the lines above were written."),
}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line as the sum shows it."""

    label: str
    amount: Money
    why: str


def show_lines(lines: Sequence[Line], *, account: Account) -> list[ShownLine]:
    """Give the lines of an account in words."""
    return [
        ShownLine(
            label=_label(line),
            amount=Money(line.amount_minor, account.currency),
            why=_why(line, account),
        )
        for line in lines
    ]


def _label(line: Line) -> str:
    label = str(_LABELS[_key(line)])
    return f"{label}, {day_text(line.on_date)}" if line.on_date else label


def _why(line: Line, account: Account) -> str:
    key = _key(line)
    if key == "principal":
        return _principal(account)
    if key == "interest":
        return _interest(account)
    return str(_REASONS.get(key, _REASONS["other_changes"]) % {"day": day_text(account.opened_on)})


def _key(line: Line) -> str:
    """Give the name that a line is known by: its own label's, else its kind's."""
    return next((key for key in (line.label_key, line.kind) if key in _LABELS), "other")


def _principal(account: Account) -> str:
    return _(
        "You borrowed %(amount)s on %(day)s. This is what is left of it.",
        amount=money_text(Money(account.original_minor, account.currency)),
        day=day_text(account.opened_on),
    )


def _interest(account: Account) -> str:
    if not account.annual_rate:
        return _("Interest that was added before. No new interest is added.")
    return _(
        "%(rate)s a year on what was still to pay, as your agreement says.",
        rate=percent_text(account.annual_rate),
    )

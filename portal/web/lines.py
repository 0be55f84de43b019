"""The lines of a balance in words: what each one is, and why it is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.money import Money
from portal.store.accounts import Account, Line
from portal.web.format import day_text, money_text, percent_text
from portal.web.language import gettext as _


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
    labels = {
        "original": _("Amount borrowed"),
        "principal": _("Amount borrowed, still to pay"),
        "interest": _("Interest"),
        "fees": _("Fees"),
        "penalty": _("Late fees"),
        "payment": _("You paid. Thank you"),
        "credit": _("Taken off"),
        "waiver": _("Removed by us"),
        "other_changes": _("Changed since then"),
    }
    label = labels.get(line.label_key) or labels.get(line.kind) or _("Other")
    return f"{label}, {day_text(line.on_date)}" if line.on_date else label


def _why(line: Line, account: Account) -> str:
    borrowed = money_text(Money(account.original_minor, account.currency))
    opened = day_text(account.opened_on)
    reasons = {
        "principal": lambda: _(
            "You borrowed %(amount)s on %(day)s. This is what is left of it.", amount=borrowed, day=opened
        ),
        "original": lambda: _("This is what you borrowed on %(day)s, or what you bought cost.", day=opened),
        "interest": lambda: _interest(account),
        "fees": lambda: _(
            "Fees that your agreement of %(day)s allows. Ask us which ones they are.", day=opened
        ),
        "penalty": lambda: _("Added when a payment did not come on its day."),
        "payment": lambda: _("We booked this payment. It makes the total smaller."),
        "credit": lambda: _("This makes the total smaller."),
        "waiver": lambda: _("We took this off. You do not have to pay it."),
        "other_changes": lambda: _("Payments and changes that we booked after the lines above were written."),
    }
    reason = reasons.get(line.label_key) or reasons.get(line.kind) or reasons["other_changes"]
    return reason()


def _interest(account: Account) -> str:
    if not account.annual_rate:
        return _("Interest that was added before. No new interest is added.")
    return _(
        "%(rate)s a year on what was still to pay, as your agreement says.",
        rate=percent_text(account.annual_rate),
    )

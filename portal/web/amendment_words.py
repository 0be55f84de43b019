"""What a new version changes, in words and figures: one line a term, as it was and as it will be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.core.amendments.changes import TERMS
from portal.core.money import Money
from portal.web.format import day_text, money_text, number_text, percent_text, rhythm_text
from portal.web.language import gettext as _
from portal.web.plan_words import family_title


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedTerm:
    """One term of the comparison, ready to show."""

    label: str
    before: str
    after: str
    is_same: bool


def changed_terms(rows: list[Mapping[str, Any]], *, currency: str) -> tuple[ChangedTerm, ...]:
    """Put the comparison of two versions into words: what differs first, what stays behind it."""
    shown = [
        ChangedTerm(
            label=_label(row["term"]),
            before=_value(row["term"], row["before"], currency),
            after=_value(row["term"], row["after"], currency),
            is_same=row["before"] == row["after"],
        )
        for row in rows
    ]
    return tuple(sorted(shown, key=lambda one: one.is_same))


def _label(term: str) -> str:
    return {
        "family": _("Kind of plan"),
        "payment": _("Each payment"),
        "count": _("Payments still to come"),
        "rhythm": _("How often"),
        "first_on": _("Next payment on"),
        "last_on": _("Last payment on"),
        "left": _("Still to pay in all"),
        "interest": _("Interest in that"),
        "rate": _("Interest a year"),
        "waived": _("Taken off when you have paid"),
        "re_age_kept": _("Payments on time after which the account counts as up to date"),
        "grace_days": _("Days we wait for a late payment"),
        "missed_before_broken": _("Missed payments after which the plan stops"),
        "cure_days": _("Days to bring it back"),
        "moves_per_year": _("Payments you may move within twelve months"),
    }[term]


def _value(term: str, value: Any, currency: str) -> str:
    said: Mapping[str, Callable[[Any], str]] = {
        "money": lambda minor: money_text(Money(minor, currency)),
        "count": number_text,
        "some": lambda number: number_text(number) if number else "–",
        "rhythm": rhythm_text,
        "day": lambda text: day_text(date.fromisoformat(text)) if text else "–",
        "rate": lambda ppm: percent_text(Decimal(ppm) / 1_000_000),
        "family": family_title,
    }
    return said[TERMS[term]](value)

"""When something is wrong or too much: the codes a person can choose from, and what each one does at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from portal.core.packs.model import Pack
from portal.core.packs.rules import (
    COMPLAINT_ANSWER_DAYS,
    DISPUTE_ANSWER_DAYS,
    HANDOFF_ANSWER_HOURS,
    adviser_hold_days,
    breathing_space_days,
)

DISPUTE_REASONS = (
    "not_mine",
    "already_paid",
    "wrong_amount",
    "fraud",
    "quality",
    "deceased",
    "bankrupt",
    "other",
)
HARDSHIP_CAUSES = ("income_lost", "income_less", "costs_up", "payday_moved", "forgot", "other")
"""Why paying has become harder; codes without a detail, and never about anybody's health."""
COMPLAINT_TOPICS = ("tone", "too_often", "wrong_information", "not_helped", "other")
PAUSE_DAYS_MIN = 7
WORDS_MAX = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstance:
    """What a declared circumstance does: a hold of a kind (or none), for so many days (None: until released)."""

    hold: str | None = None
    days: int | None = None
    needs_person: bool = False
    is_urgent: bool = False


def circumstances(pack: Pack, *, confirmed: frozenset[str]) -> Mapping[str, Circumstance]:
    """Return the circumstances that a person can tell of; codes without any detail about health."""
    return MappingProxyType(
        {
            "adviser": Circumstance(hold="adviser", days=adviser_hold_days(pack, confirmed=confirmed)),
            "deceased": Circumstance(hold="deceased", needs_person=True),
            "bankrupt": Circumstance(hold="bankrupt", needs_person=True),
            "prison": Circumstance(hold="prison", needs_person=True),
            "disaster": Circumstance(hold="disaster", days=breathing_space_days(pack)),
            "extra_support": Circumstance(needs_person=True),
            "urgent_help": Circumstance(hold="urgent_help", days=30, needs_person=True, is_urgent=True),
        }
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class CareRules:
    """The lender's times, never beyond the house's: a pause, the answers, and how long each may take."""

    pause_days: int
    pause_months_apart: int
    pause_stops_interest: bool
    dispute_answer: timedelta
    complaint_answer: timedelta
    handoff_answer: timedelta


def care_rules(settings: Mapping[str, Any], *, pack: Pack) -> CareRules:
    """Read a lender's times: a pause is never shorter than the house's, an answer never later.

    Settings: `pause_days`, `pause_months`, `pause_stops_interest`, `dispute_answer_days`, `complaint_answer_days`,
    `handoff_answer_hours`.
    """
    floor = breathing_space_days(pack)
    return CareRules(
        pause_days=min(max(_whole(settings.get("pause_days"), floor), floor), 366),
        pause_months_apart=min(_whole(settings.get("pause_months"), 12), 12),
        pause_stops_interest=settings.get("pause_stops_interest") is True,
        dispute_answer=timedelta(
            days=min(_whole(settings.get("dispute_answer_days"), DISPUTE_ANSWER_DAYS), DISPUTE_ANSWER_DAYS)
        ),
        complaint_answer=timedelta(
            days=min(
                _whole(settings.get("complaint_answer_days"), COMPLAINT_ANSWER_DAYS), COMPLAINT_ANSWER_DAYS
            )
        ),
        handoff_answer=timedelta(
            hours=min(
                _whole(settings.get("handoff_answer_hours"), HANDOFF_ANSWER_HOURS), HANDOFF_ANSWER_HOURS
            )
        ),
    )


def _whole(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else default

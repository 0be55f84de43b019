"""When something is wrong or too much: the codes a person can choose from, and what each one does at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from portal.core.bounds.families import BreathingSpace
from portal.core.calendar import add_months
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
    """The lender's times, never beyond the house's: what a pause stops, and how long each answer may take."""

    pause_stops_interest: bool
    dispute_answer: timedelta
    complaint_answer: timedelta
    handoff_answer: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseRoom:
    """The pauses that a person can give themselves: how long (the first is the usual one), how often, and how many now.

    `per_plan` is None without a plan, else `left` of them are left in it. `next_on` is the day from which the next one
    can begin, None where this plan has had all of its own. Beyond that a person decides.
    """

    days: tuple[int, ...]
    per_months: int
    per_plan: int | None
    left: int | None
    next_on: date | None
    is_open: bool


def pause_room(
    rule: BreathingSpace | None, *, pack: Pack, begun: Sequence[date], plan_since: date | None, today: date
) -> PauseRoom:
    """Return the room for pauses by the bounds in force, given the days on which the account's earlier ones began.

    Without bounds, or where they say nothing of pauses, the house's own hold. No pause is shorter than the house's.
    """
    rule = rule if rule is not None and rule.on else BreathingSpace()
    floor = breathing_space_days(pack)
    since_plan = [day for day in begun if plan_since is not None and day >= plan_since]
    left = None if plan_since is None else max(rule.per_plan - len(since_plan), 0)
    next_on = max((add_months(day, rule.per_months) for day in begun), default=today)
    return PauseRoom(
        days=tuple(sorted({max(length, floor) for length in rule.days})) or (floor,),
        per_months=rule.per_months,
        per_plan=None if plan_since is None else rule.per_plan,
        left=left,
        next_on=None if left == 0 else max(next_on, today),
        is_open=left != 0 and next_on <= today,
    )


def care_rules(settings: Mapping[str, Any]) -> CareRules:
    """Read a lender's times: an answer is never later than the house's.

    Settings: `pause_stops_interest`, `dispute_answer_days`, `complaint_answer_days`, `handoff_answer_hours`.
    """
    return CareRules(
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

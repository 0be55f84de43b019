"""What a check found and what two versions differ in, in readable lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.core.bounds.changes import Change, changes
from portal.core.bounds.lint import Finding
from portal.core.bounds.model import Bounds
from portal.web.language import gettext as _
from portal.web.lender.rule_fields import FIELDS, GROUPS
from portal.web.lender.rule_values import write_value

_UNITS = {"LadderSteps": "ladder", "Tranches": "tranches"}
_WRITTEN = {
    "share", "rate", "count", "money", "word", "words", "shares", "rates", "counts", "days", "span", "ladder",
    "tranches", "stages",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DiffLine:
    """One difference: where, and both values as text; empty where there is none."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """One finding in words."""

    is_error: bool
    where: str
    text: str


def diff_lines(before: Bounds, after: Bounds) -> list[DiffLine]:
    """Say what differs between two versions."""
    return [
        DiffLine(
            where=_where(change),
            before=_value(change.unit, change.before, change.path, before.currency),
            after=_value(change.unit, change.after, change.path, after.currency),
        )
        for change in changes(before, after)
    ]


def _where(change: Change) -> str:
    if not change.path:
        return _("Segment %(name)s", name=change.segment)
    known = FIELDS.get(change.path)
    label = str(known.label) if known else change.path
    title = next(
        (str(group.title) for group in GROUPS if known in group.fields or group.switch == change.path), ""
    )
    place = f"{title}: {label}" if title and title != label else label
    return f"{change.segment} · {place}" if change.segment else place


def _value(unit: str, value: Any, path: str, currency: str) -> str:
    if value is None:
        return ""
    if not path:
        return _("a whole segment")
    if unit == "flag":
        return _("on") if value else _("off")
    kind = "money_span" if path == "when.balance" else _UNITS.get(unit, unit)
    if kind not in _WRITTEN and kind != "money_span":
        return _("another list")
    text = write_value(kind, value, currency).replace("\n", "; ")
    return f"{text} %" if kind in {"share", "rate", "shares", "rates"} else text


def found_lines(findings: tuple[Finding, ...], bounds: Bounds) -> list[Found]:
    """Put the findings of a check into words."""
    return [
        Found(
            is_error=finding.severity == "error",
            where=_place(finding.path, bounds),
            text=_SAID[finding.code](dict(finding.params)),
        )
        for finding in findings
    ]


def _place(path: str, bounds: Bounds) -> str:
    head, _dot, rest = path.partition(".")
    del head
    number, _bracket, inner = rest.removeprefix("segments[").partition("]")
    name = bounds.segments[int(number)].id if number.isdigit() else ""
    known = FIELDS.get(inner.lstrip(".").partition("[")[0])
    return f"{name} · {known.label}" if known else name


Params = Mapping[str, int | str]
_SAID: Mapping[str, Callable[[Params], str]] = {
    "REWARD_FOR_WAITING": lambda p: _(
        "This step of the ladder pays people to wait %(days)s days: it gains them %(share)s %% of the balance.",
        days=p["days"],
        share=f"{Decimal(int(p['gain_bp'])) / 100:f}",
    ),
    "CALENDAR_OPENS_LAST_STAGE": lambda _p: _(
        "The calendar alone opens the last stage: waiting would get people the best offers."
    ),
    "WEEKLY_SHUT_OUT": lambda p: _(
        "Weekly payers cannot use the longest plan: it has %(needed)s payments, and %(most)s are allowed.",
        needed=p["needed"],
        most=p["n_max"],
    ),
    "LOOSER_THAN_PACK": lambda p: _(
        "Wider than the law in pack %(pack)s. The pack holds: what is above its limit does not count.",
        pack=p["pack"],
    ),
    "OVERLAP": lambda p: _(
        "Covers some of the same accounts as segment %(other)s, at the same priority. The first one holds.",
        other=p["other"],
    ),
    "NEVER_REACHED": lambda _p: _("No account can reach this segment: others cover all of it."),
    "NO_FAMILY": lambda _p: _("No kind of plan is on: everybody of this segment would go to a person."),
    "INSTALLMENT_ABOVE_SURPLUS": lambda p: _(
        "The lowest payment is more than %(share)s %% of your people have left over.",
        share=f"{Decimal(int(p['share_bp'])) / 100:f}",
    ),
    "WAIVER_UNUSED": lambda _p: _("A smaller sum in parts needs the ladder, and the ladder is off."),
    "CONTRADICTION": lambda p: _(
        "This lower end is above its upper end, %(other)s: nothing lies between them.", other=p["other"]
    ),
    "METHOD_UNUSED": lambda _p: _("Plans bear no interest here, so how it is spread changes nothing."),
    "INTEREST_SHUT_OUT": lambda _p: _(
        "Accounts that owe fees or interest get no plan with interest: it would run on them, and that is off."
    ),
    "DAYS_RUN_OUT": lambda p: _(
        "The longest plan has %(needed)s payments, and %(days)s days are named. Behind them the rhythm goes on.",
        needed=p["needed"],
        days=p["days"],
    ),
    "DAYS_OFF_RHYTHM": lambda p: _(
        "The days are %(apart)s days apart on average. Plans are valued in the rhythm they stand under.",
        apart=p["apart"],
    ),
    "EMPTY_POLICY_SET": lambda _p: _("Usual accounts of this segment would find no plan at all."),
    "FLOOR_ABOVE_BEST": lambda _p: _(
        "The lowest value is above the value of every plan for usual accounts of this segment: nobody gets one."
    ),
    "NOTHING_FITS": lambda _p: _("No usual budget in this segment could pay any of the plans."),
}

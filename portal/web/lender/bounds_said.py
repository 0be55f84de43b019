"""What a version of the bounds says, segment by segment and group by group, for people who decide about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.core.bounds.changes import value_at
from portal.core.bounds.model import Bounds, Segment, When
from portal.web.language import gettext as _
from portal.web.lender.rule_fields import GROUPS, RuleField, RuleGroup
from portal.web.lender.rule_values import write_value

_ALL = When()
_ENDS = {"span": "count", "money_span": "money"}


@dataclass(frozen=True, kw_only=True)
class SaidGroup:
    """One group of rules that holds: its title and (label, value) of each rule that has a value."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class SaidSegment:
    """One segment: its id, what holds in it, and the kinds of plans that are off."""

    name: str
    groups: tuple[SaidGroup, ...]
    off: tuple[str, ...]


def said_segments(bounds: Bounds) -> list[SaidSegment]:
    """Say every segment, the one that is asked first in front."""
    ordered = sorted(bounds.segments, key=lambda segment: -segment.priority)
    return [_said(segment, bounds.currency) for segment in ordered]


def _said(segment: Segment, currency: str) -> SaidSegment:
    on = [group for group in GROUPS if _is_on(segment, group)]
    return SaidSegment(
        name=segment.id,
        groups=tuple(
            SaidGroup(title=str(group.title), lines=tuple(_lines(segment, group, currency))) for group in on
        ),
        off=tuple(str(group.title) for group in GROUPS if group not in on),
    )


def _is_on(segment: Segment, group: RuleGroup) -> bool:
    return not group.switch or bool(value_at(segment, group.switch))


def _lines(segment: Segment, group: RuleGroup, currency: str) -> Iterator[tuple[str, str]]:
    for field in group.fields:
        text = _text(segment, field, currency)
        if text:
            yield str(field.label), text


def _text(segment: Segment, field: RuleField, currency: str) -> str:
    value = value_at(segment, field.path)
    if field.unit == "flag":
        return _("on") if value else _("off")
    text = _open_span(field, value, currency) or write_value(field.unit, value, currency).replace("\n", "; ")
    return f"{text} {field.behind}".rstrip() if text and value != _widest(field) else ""


def _open_span(field: RuleField, value: Any, currency: str) -> str:
    """Write a span without an upper end by its lower end alone."""
    widest = _widest(field)
    if field.unit not in _ENDS or widest is None or value[1] != widest[1]:
        return ""
    return f"≥ {write_value(_ENDS[field.unit], value[0], currency)}"


def _widest(field: RuleField) -> Any:
    """Give what a condition says where it leaves nothing out; None for a rule that is no condition."""
    group, _dot, name = field.path.partition(".")
    return getattr(_ALL, name) if group == "when" else None

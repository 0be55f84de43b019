"""One segment of a draft as a form: boxes filled from the rules, and a document made from what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.core.bounds.changes import value_at, with_value
from portal.core.bounds.lint import Finding
from portal.core.bounds.model import Bounds, Segment, When
from portal.core.bounds.resolve import PackLimits
from portal.core.bounds.schema import BoundsError, Problem, parse_bounds
from portal.core.packs.limits import limits_of
from portal.core.packs.model import Pack
from portal.core.packs.rules import pack_for
from portal.web.language import gettext as _
from portal.web.lender.rule_fields import FIELDS, GROUPS, RuleField
from portal.web.lender.rule_values import TEXT_MAX, UnclearError, read_value, write_value

_WIDE = {"when.dpd": When().dpd, "when.balance": When().balance}


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What is allowed, drawn: from and to in the width of 232, and where the pack stops (None: nowhere)."""

    start: int
    length: int
    stop: int | None
    most: str


@dataclass(kw_only=True)
class Box:
    """One field with what stands in it; `error` names what is wrong with it."""

    field: RuleField
    text: str
    behind: str
    pack: str = ""
    bar: Bar | None = None
    error: str = ""

    @property
    def is_on(self) -> bool:
        """Whether a switch is on."""
        return self.text == "1"


@dataclass(kw_only=True)
class RuleForm:
    """A segment's boxes by path, the errors that belong to no box, and the document they make."""

    segment: str
    boxes: dict[str, Box]
    document: dict[str, Any]
    others: list[Problem] = field(default_factory=list)
    bounds: Bounds | None = None

    @property
    def has_errors(self) -> bool:
        """Whether anything needs another look."""
        return bool(self.others) or any(box.error for box in self.boxes.values())

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Every error with the place to go to."""
        found = [
            (box.field.name, f"{box.field.label}: {box.error}") for box in self.boxes.values() if box.error
        ]
        return found + [("expert", f"{one.path}: {one.message}. {one.fix}") for one in self.others]


def pack_of(bounds: Bounds | Mapping[str, Any]) -> Pack:
    """Give the pack that a document names."""
    ref = bounds.jurisdiction_pack if isinstance(bounds, Bounds) else str(bounds.get("jurisdiction_pack", ""))
    return pack_for(ref.partition("@")[0])


def filled(bounds: Bounds, document: Mapping[str, Any], segment_id: str) -> RuleForm:
    """Fill the form of one segment from the rules."""
    segment = next(one for one in bounds.segments if one.id == segment_id)
    pack = pack_of(bounds)
    boxes = {
        path: _box(one, _text(segment, one, bounds.currency), segment, bounds.currency, pack)
        for path, one in FIELDS.items()
    }
    return RuleForm(segment=segment_id, boxes=boxes, document=dict(document), bounds=bounds)


def posted(
    bounds: Bounds, document: Mapping[str, Any], segment_id: str, typed: Mapping[str, str]
) -> RuleForm:
    """Make the document that was typed; what cannot be read keeps its text and gets an error."""
    form = filled(bounds, document, segment_id)
    position = next(i for i, one in enumerate(document["segments"]) if one.get("id") == segment_id)
    changed = dict(document["segments"][position])
    for path, box in form.boxes.items():
        before, box.text = box.text, typed.get(box.field.name, "")[:TEXT_MAX]
        if box.text.strip().replace("\r\n", "\n") == before:
            continue
        try:
            value = read_value(box.field.unit, box.text, bounds.currency)
        except UnclearError as error:
            box.error = str(error)
            continue
        changed = with_value(changed, path, False if box.field.unit == "flag" and value is None else value)
    segments = [*document["segments"]]
    segments[position] = changed
    form.document = {**document, "segments": segments}
    if not form.has_errors:
        _check(form, position)
    return form


def _check(form: RuleForm, position: int) -> None:
    """Parse the document; problems of this segment's fields go to their boxes."""
    try:
        form.bounds = parse_bounds(form.document)
    except BoundsError as error:
        start = f"$.segments[{position}]."
        for problem in error.problems:
            box = _box_at(form, problem.path.removeprefix(start)) if problem.path.startswith(start) else None
            if box is None:
                form.others.append(problem)
            elif not box.error:
                box.error = f"{problem.message}; {problem.fix}"


def _box_at(form: RuleForm, path: str) -> Box | None:
    plain = path.partition("[")[0]
    return next((form.boxes[one] for one in form.boxes if plain == one or plain.startswith(f"{one}.")), None)


def mark_findings(form: RuleForm, findings: tuple[Finding, ...]) -> None:
    """Say at its box where the pack stops a value."""
    segments = form.bounds.segments if form.bounds else ()
    for finding in findings:
        if finding.code != "LOOSER_THAN_PACK":
            continue
        for i, segment in enumerate(segments):
            start = f"$.segments[{i}]."
            if segment.id == form.segment and finding.path.startswith(start):
                box = form.boxes.get(finding.path.removeprefix(start))
                if box is not None:
                    box.pack = _("More than the pack allows. What is above its limit does not count.")


def limits(pack: Pack) -> PackLimits:
    """Give the limits of a pack."""
    return limits_of(pack)


def _text(segment: Segment, one: RuleField, currency: str) -> str:
    value = value_at(segment, one.path)
    if one.path in _WIDE and value == _WIDE[one.path]:
        return ""
    return write_value(one.unit, value, currency)


def _box(one: RuleField, text: str, segment: Segment, currency: str, pack: Pack) -> Box:
    behind = str(one.behind) or (currency if one.unit.startswith("money") else "")
    stop = _pack_stop(one.path, pack)
    words = ""
    if stop is not None:
        words = _("Pack %(pack)s: up to %(count)s months.", pack=pack.code, count=stop)
    elif one.path.startswith("families.") and one.path.endswith(".months_max") and "grace" not in one.path:
        words = _("Pack %(pack)s: no limit of its own.", pack=pack.code)
    value = value_at(segment, one.path)
    return Box(field=one, text=text, behind=behind, pack=words, bar=_bar(one, value, stop))


def _pack_stop(path: str, pack: Pack) -> int | None:
    family, _dot, name = path.removeprefix("families.").partition(".")
    for limit in limits(pack).limits:
        if limit.field == name and limit.family in {family, "*"} and isinstance(limit.value, int):
            return limit.value
    return None


def _bar(one: RuleField, value: Any, stop: int | None) -> Bar | None:
    """Draw shares up to 100 % and months up to ten years; other units have no end to draw to."""
    if value is None or one.unit not in {"share", "count"}:
        return None
    if one.unit == "share":
        top, figure, most = 100, Decimal(value) / 100, "100 %"
    elif "months" in one.path:
        top = 120 if one.path.endswith(".months_max") and "grace" not in one.path else 24
        figure, most = Decimal(value), str(top)
    else:
        return None
    return Bar(
        start=4,
        length=int(min(figure, top) * 232 / top),
        stop=None if stop is None else 4 + int(min(stop, top) * 232 / top),
        most=most,
    )


__all__ = ["GROUPS", "Box", "RuleForm", "filled", "mark_findings", "pack_of", "posted"]

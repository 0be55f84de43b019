"""Read a lender's bounds document; every error is collected and names its path and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.core import errors
from portal.core.bounds.conditions import check_stages, read_stages
from portal.core.bounds.families import Families
from portal.core.bounds.kinds import PERIOD, Kind, Unreadable, kinds
from portal.core.bounds.model import Bounds, Cap, Limit, Policy, Segment, When
from portal.core.money import CURRENCIES

SEGMENTS_MAX = 200
_TOP = (
    "bounds_id",
    "version",
    "currency",
    "effective",
    "jurisdiction_pack",
    "segments",
    "caps",
    "concession_budget",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing wrong with a bounds document: where, what, and how to put it right."""

    path: str
    message: str
    fix: str


class BoundsError(errors.BoundsError):
    """The bounds cannot be read; `problems` lists everything that is wrong, `path`, `message`, `fix` the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep all problems and say them in one message."""
        super().__init__("; ".join(f"{p.path}: {p.message} ({p.fix})" for p in problems))
        self.problems = problems
        self.path, self.message, self.fix = problems[0].path, problems[0].message, problems[0].fix


def parse_bounds(document: Mapping[str, Any]) -> Bounds:
    """Read a bounds document into frozen `Bounds`.

    Raises `BoundsError` with every problem found: unknown keys, values outside their range, a ladder that falls
    with days past due, a stage list that does not start at 0, two segments of one id.
    """
    if not isinstance(document, Mapping):
        raise BoundsError((Problem(path="$", message="not an object", fix="write { … }"),))
    problems: list[Problem] = []
    _unknown(document, _TOP, "$", problems)
    bounds = Bounds(
        bounds_id=_top(document, "bounds_id", problems),
        version=document.get("version", 1) if type(document.get("version", 1)) is int else 0,
        currency=_top(document, "currency", problems),
        segments=_segments(document.get("segments"), problems),
        caps=_caps(document.get("caps", []), problems),
        jurisdiction_pack=str(document.get("jurisdiction_pack", "")),
        concession_budget=_budget(document.get("concession_budget", {}), problems),
    )
    if "effective" in document:
        value = _value(PERIOD, document["effective"], "$.effective", problems)
        bounds = replace(bounds, effective=value) if value else bounds
    _check(bounds, problems)
    if problems:
        raise BoundsError(tuple(problems))
    return bounds


def _add(problems: list[Problem], path: str, message: str, fix: str) -> None:
    problems.append(Problem(path=path, message=message, fix=fix))


def _unknown(document: Mapping[str, Any], known: Any, path: str, problems: list[Problem]) -> None:
    for key in document:
        if key not in known:
            _add(problems, f"{path}.{key}", "is not known here", f"use one of: {', '.join(known)}")


def _top(document: Mapping[str, Any], key: str, problems: list[Problem]) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value:
        _add(problems, f"$.{key}", "is missing", "write it as text")
        return ""
    if key == "currency" and value not in CURRENCIES:
        _add(problems, "$.currency", f"{value} is not in ISO 4217", 'use a code like "GBP"')
    return value


def _value(kind: Kind, value: Any, path: str, problems: list[Problem]) -> Any:
    if kind.nested is not None:
        return _nested(kind, value, path, problems)
    assert kind.read is not None  # noqa: S101 -- a kind reads or nests, by construction
    try:
        return kind.read(value)
    except Unreadable as error:
        _add(problems, path, str(error), error.fix)
        return None


def _nested(kind: Kind, value: Any, path: str, problems: list[Problem]) -> Any:
    assert kind.nested is not None  # noqa: S101 -- asked by the caller
    if kind.shape == "one":
        return read_group(kind.nested, value, path, problems)
    if kind.shape == "map":
        if not isinstance(value, Mapping):
            _add(problems, path, "is not an object", "write { name: { … } }")
            return None
        items = [
            (f"{path}.{k}", {**v, kind.key: k} if isinstance(v, Mapping) else v) for k, v in value.items()
        ]
        return tuple(read_group(kind.nested, item, where, problems) for where, item in items)
    if not isinstance(value, list) or len(value) > SEGMENTS_MAX:
        _add(problems, path, f"is not a list of at most {SEGMENTS_MAX}", "write [ { … } ]")
        return None
    return tuple(read_group(kind.nested, item, f"{path}[{i}]", problems) for i, item in enumerate(value))


def read_group(owner: type[Any], document: Any, path: str, problems: list[Problem]) -> Any:
    """Read one group of fields; what cannot be read keeps its default and is added to `problems`."""
    if not isinstance(document, Mapping):
        _add(problems, path, "is not an object", "write { … }")
        return owner()
    special = ("stage_by",) if owner is Policy else ()
    known = {name: kind for name, kind in kinds(owner).items() if name not in special}
    _unknown(document, (*known, *special), path, problems)
    read = {
        name: _value(kind, document[name], f"{path}.{name}", problems)
        for name, kind in known.items()
        if name in document
    }
    values = {name: value for name, value in read.items() if value is not None}
    if owner is Policy and "stage_by" in document:
        values["stage_by"] = read_stages(
            document["stage_by"], f"{path}.stage_by", lambda p, m, f: _add(problems, p, m, f)
        )
    return owner(**values)


def _segments(value: Any, problems: list[Problem]) -> tuple[Segment, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= SEGMENTS_MAX:
        _add(problems, "$.segments", f"is not a list of 1 to {SEGMENTS_MAX} segments", "write [ { … } ]")
        return ()
    return tuple(read_group(Segment, item, f"$.segments[{i}]", problems) for i, item in enumerate(value))


def _caps(value: Any, problems: list[Problem]) -> tuple[Cap, ...]:
    if not isinstance(value, list):
        _add(problems, "$.caps", "is not a list", "write [ { … } ]")
        return ()
    caps = []
    for i, item in enumerate(value):
        path = f"$.caps[{i}]"
        if not isinstance(item, Mapping):
            _add(problems, path, "is not an object", "write { … }")
            continue
        _unknown(item, ("id", "when", "limits"), path, problems)
        when = read_group(When, item.get("when", {}), f"{path}.when", problems)
        limits = _limits(item.get("limits", {}), f"{path}.limits", problems)
        caps.append(Cap(id=str(item.get("id", i)), when=when, limits=limits))
    return tuple(caps)


def _limits(value: Any, path: str, problems: list[Problem]) -> tuple[Limit, ...]:
    families = kinds(Families)
    limits = []
    for family, named in value.items() if isinstance(value, Mapping) else ():
        if family not in families or not isinstance(named, Mapping):
            _add(problems, f"{path}.{family}", "is not a plan family", f"use one of: {', '.join(families)}")
            continue
        owner = families[family].nested
        assert owner is not None  # noqa: S101 -- every family is a group
        for name, one in named.items():
            kind = kinds(owner).get(name)
            if kind is None or not kind.tight:
                _add(problems, f"{path}.{family}.{name}", "cannot be capped", "cap a size or a relief")
                continue
            read = _value(kind, one, f"{path}.{family}.{name}", problems)
            if read is not None:
                limits.append(Limit(family=family, field=name, value=read))
    return tuple(limits)


def _budget(value: Any, problems: list[Problem]) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, Mapping):
        _add(problems, "$.concession_budget", "is not an object", 'write { "segment": minor units }')
        return ()
    for key, amount in value.items():
        if type(amount) is not int or amount < 0:
            _add(problems, f"$.concession_budget.{key}", "is not an amount", "write minor units")
    return tuple(sorted((str(k), v) for k, v in value.items() if type(v) is int and v >= 0))


def _check(bounds: Bounds, problems: list[Problem]) -> None:
    ids = [segment.id for segment in bounds.segments]
    for i, segment in enumerate(bounds.segments):
        path = f"$.segments[{i}]"
        if not segment.id or ids.count(segment.id) > 1:
            _add(problems, f"{path}.id", "is missing or used twice", "give each segment its own id")
        ladder = segment.families.lump.waiver_ladder
        steps = [(step.dpd, step.max) for step in ladder]
        if steps != sorted(steps) or [m for _, m in steps] != sorted(m for _, m in steps):
            _add(
                problems,
                f"{path}.families.lump.waiver_ladder",
                "falls or is out of order",
                "sort it by dpd, with max never smaller than the step before",
            )
        for message, fix in check_stages(segment.policy.stage_by, len(segment.policy.band_q)):
            _add(problems, f"{path}.policy.stage_by", message, fix)
        if segment.policy.close_on_rounds and not segment.policy.most_favored:
            _add(
                problems,
                f"{path}.policy.close_on_rounds",
                "would pay for stubbornness",
                "set most_favored too, or open stages by evidence",
            )
        for name in ("split_q", "band_q"):
            shares = getattr(segment.policy, name)
            if list(shares) != sorted(shares, reverse=True):
                _add(problems, f"{path}.policy.{name}", "rises", "later stages open more, they never close")

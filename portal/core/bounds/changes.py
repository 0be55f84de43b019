"""What differs between two versions of the bounds, field by field, for people to read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from portal.core.bounds.kinds import kinds
from portal.core.bounds.model import Bounds, Policy, Segment


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One field that differs: the segment's id ('' for the document as a whole), the path in it, both values.

    `unit` says how the values are written (`kinds.Kind.unit`); None stands for a field or a group that is not there.
    """

    segment: str
    path: str
    unit: str
    before: Any
    after: Any


def changes(before: Bounds, after: Bounds) -> tuple[Change, ...]:
    """Return every difference of meaning: two documents that say the same in other words differ in nothing."""
    found = [
        Change(segment="", path=name, unit="word", before=getattr(before, name), after=getattr(after, name))
        for name in ("currency", "effective", "jurisdiction_pack", "caps", "concession_budget")
        if getattr(before, name) != getattr(after, name)
    ]
    old = {segment.id: segment for segment in before.segments}
    new = {segment.id: segment for segment in after.segments}
    for name in dict.fromkeys([*old, *new]):
        if name not in new or name not in old:
            found.append(Change(segment=name, path="", unit="", before=old.get(name), after=new.get(name)))
        else:
            found += _differences(name, "", old[name], new[name])
    return tuple(found)


def _differences(segment: str, path: str, before: Any, after: Any) -> Iterator[Change]:
    declared = kinds(type(before))
    for name, kind in declared.items():
        one, other = getattr(before, name), getattr(after, name)
        if one == other or (path == "" and name == "id"):
            continue
        where = f"{path}.{name}" if path else name
        if kind.nested is not None and kind.shape == "one":
            yield from _differences(segment, where, one, other)
        elif kind.nested is not None:
            yield Change(
                segment=segment, path=where, unit=f"{kind.nested.__name__}s", before=one, after=other
            )
        else:
            yield Change(segment=segment, path=where, unit=kind.unit, before=one, after=other)
    if isinstance(before, Policy) and before.stage_by != after.stage_by:
        yield Change(
            segment=segment,
            path=f"{path}.stage_by",
            unit="stages",
            before=before.stage_by,
            after=after.stage_by,
        )


def value_at(segment: Segment, path: str) -> Any:
    """Return the value of a segment at a dotted path; of a list of groups with a key, by the key's word.

    Raises AttributeError for a path that the model does not have.
    """
    value: Any = segment
    for name in path.split("."):
        if isinstance(value, tuple):
            value = next((item for item in value if _key_of(item) == name), None)
            if value is None:
                return None
        else:
            value = getattr(value, name)
    return value


def _key_of(item: Any) -> Any:
    return getattr(item, fields(item)[0].name) if is_dataclass(item) else None


def with_value(document: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a segment's document with one field set at a dotted path, or left out where the value is None."""
    name, _, rest = path.partition(".")
    changed = dict(document)
    if rest:
        inner = with_value(changed.get(name) or {}, rest, value)
        if inner:
            changed[name] = inner
        else:
            changed.pop(name, None)
    elif value is None:
        changed.pop(name, None)
    else:
        changed[name] = value
    return changed

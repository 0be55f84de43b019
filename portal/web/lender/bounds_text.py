"""A version of the bounds as text: its document as JSON, written in the order of the model, and read back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from portal.core.bounds.model import Segment
from portal.core.bounds.schema import Problem
from portal.web.language import gettext as _

_TOP = ("bounds_id", "version", "currency", "effective", "jurisdiction_pack", "segments", "caps")


def written(document: Mapping[str, Any]) -> str:
    """Write a document as people read it."""
    return json.dumps(_in_order(document), indent=2, ensure_ascii=False)


def _in_order(value: Any) -> Any:
    """Put the keys of a document into the order of the model; the database keeps none."""
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: (_RANKS.get(name, len(_RANKS)), name))
        return {name: _in_order(value[name]) for name in names}
    return [_in_order(one) for one in value] if isinstance(value, list) else value


def _names(owner: type[Any]) -> Iterator[str]:
    for one in fields(owner):
        yield one.name
        kind = one.metadata.get("kind")
        if kind is not None and kind.nested is not None:
            yield from _names(kind.nested)


_RANKS = {name: i for i, name in enumerate(dict.fromkeys([*_TOP, *_names(Segment)]))}


def read_document(text: str) -> tuple[Mapping[str, Any] | None, tuple[Problem, ...]]:
    """Read typed JSON; None and the place of the fault when it is none."""
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = _("line %(line)s, column %(column)s", line=error.lineno, column=error.colno)
        return None, (Problem(path=where, message=error.msg, fix=_("This is not JSON yet")),)
    except (ValueError, RecursionError):
        return None, (Problem(path="$", message=_("cannot be read"), fix=_("This is not JSON yet")),)
    if not isinstance(document, Mapping):
        return None, (Problem(path="$", message=_("is not an object"), fix="{ … }"),)
    if "\\u0000" in text:
        return None, (Problem(path="$", message=_("holds a null character"), fix=_("Take it out")),)
    return document, ()


def _no_constant(name: str) -> float:
    raise ValueError(name)

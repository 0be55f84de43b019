"""Make an answer again from its record and compare it byte by byte."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.core.bounds.resolve import NO_PACK, PackLimits
from portal.core.bounds.schema import parse_bounds
from portal.core.errors import NegotiationError
from portal.core.negotiation.answer import NO_HISTORY, Answer, History, answer
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.facts import Facts, facts_from_dict, facts_to_dict
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.record import (
    answer_to_dict,
    ask_from_dict,
    ask_to_dict,
    history_from_dict,
    history_to_dict,
    model_from_dict,
    pack_from_dict,
    pack_to_dict,
)
from portal.core.plans.canonical import canonical_json, digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """Whether the answer came out the same, byte for byte, and the hashes of both."""

    is_equal: bool
    expected_hash: str
    found_hash: str
    differences: tuple[str, ...]


def record_of(
    *,
    facts: Facts,
    document: Mapping[str, Any],
    found: Answer,
    history: History = NO_HISTORY,
    ask: Ask | None = None,
    model: Model = PRIOR,
    holidays: frozenset[date] = frozenset(),
    pack: PackLimits = NO_PACK,
) -> dict[str, Any]:
    """Return the audit record of an answer as JSON; `document` is the bounds as they were written."""
    return {
        "facts": facts_to_dict(facts),
        "bounds": dict(document),
        "history": history_to_dict(history),
        "ask": ask_to_dict(ask) if ask else None,
        "model": asdict(model),
        "holidays": sorted(day.isoformat() for day in holidays),
        "pack": pack_to_dict(pack),
        "answer": answer_to_dict(found),
    }


def replay(record: Mapping[str, Any]) -> Replayed:
    """Make the answer of a record again and compare.

    Raises `NegotiationError` (or `BoundsError`, `PlanError`) for a record that cannot be read.
    """
    try:
        facts = facts_from_dict(record["facts"])
        found = answer(
            facts=facts,
            bounds=parse_bounds(record["bounds"]),
            history=history_from_dict(record["history"]),
            ask=ask_from_dict(record["ask"]) if record["ask"] is not None else None,
            model=model_from_dict(record["model"]),
            holidays=frozenset(date.fromisoformat(day) for day in record["holidays"]),
            pack=pack_from_dict(record["pack"]),
        )
        expected: Mapping[str, Any] = record["answer"]
    except (KeyError, TypeError) as error:
        raise NegotiationError(f"not an audit record: {error}") from error
    again = answer_to_dict(found)
    return Replayed(
        is_equal=canonical_json(again) == canonical_json(expected),
        expected_hash=digest(expected),
        found_hash=digest(again),
        differences=tuple(
            key for key in again if canonical_json(again[key]) != canonical_json(expected.get(key))
        ),
    )

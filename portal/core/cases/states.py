"""Where a negotiation stands and what may follow: every end has an offer, a lawful path or a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from portal.core.errors import CaseError

# state -> move -> next state (ENGINE.md 4.4). A person and a breathing space can be reached from everywhere.
_MOVES: dict[str, dict[str, str]] = {
    "verify": {"identified": "facts", "locked": "person"},
    "facts": {"complete": "menu", "held": "lawful_path"},
    "menu": {"ask": "ask", "evidence": "menu", "choose": "sign"},
    "ask": {"accept": "sign", "counter": "counter", "cap": "person", "authority": "person"},
    "counter": {"back": "menu", "ask": "ask", "choose": "sign", "evidence": "menu"},
    "sign": {"same_bytes": "active", "changed": "menu", "back": "menu"},
    "active": {"missed": "late", "completed": "completed"},
    "late": {"paid": "cured", "move": "replanned", "broken": "broken"},
    "cured": {"go_on": "active"},
    "replanned": {"go_on": "active"},
    "broken": {"again": "facts", "too_often": "person"},
    "breathing_space": {"ended": "facts"},
    "person": {"answered": "menu", "proposed": "sign", "closed": "closed"},
    "lawful_path": {"released": "facts", "closed": "closed"},
    "completed": {},
    "closed": {"reopened": "facts"},
}
_ANYWHERE = {
    "pause": "breathing_space",
    "wants_person": "person",
    "dispute": "person",
    "vulnerable": "person",
}
_ENDS = {"completed", "closed", "verify"}
MOVES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        state: MappingProxyType(
            moves if state in _ENDS else {**{k: v for k, v in _ANYWHERE.items() if v != state}, **moves}
        )
        for state, moves in _MOVES.items()
    }
)
STATES = tuple(MOVES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A negotiation's state, its stage, the asks made in the window, and how often it was renegotiated."""

    state: str = "verify"
    stage: int = 0
    asks: int = 0
    renegotiated: int = 0


def step(
    standing: Standing, move: str, *, stage: int | None = None, asks_max: int = 5, renegotiations_max: int = 3
) -> Standing:
    """Return where a move leads.

    An ask beyond `asks_max` and a renegotiation beyond `renegotiations_max` lead to a person; a stage never falls
    while the facts are the same. Raises `CaseError` for a move that the state does not have.
    """
    moves = MOVES[standing.state]
    if move not in moves:
        raise CaseError(f"from {standing.state} there is no {move}")
    after = replace(standing, state=moves[move])
    if move == "ask":
        after = replace(after, asks=standing.asks + 1)
        if after.asks > asks_max:
            return replace(after, state="person")
    if move == "again":
        after = replace(after, renegotiated=standing.renegotiated + 1, asks=0)
        if after.renegotiated > renegotiations_max:
            return replace(after, state="person")
    if move == "evidence" and stage is not None:
        after = replace(after, stage=max(standing.stage, stage))
    return after


def is_silent(standing: Standing) -> bool:
    """Tell whether a debtor would be left without an offer, a lawful path or a person: never, by construction."""
    return not MOVES[standing.state] and standing.state != "completed"

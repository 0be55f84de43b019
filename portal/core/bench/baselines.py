"""Own implementations of what others do: ladders, static menus, blind bids, and agents that concede over time.

They are told the lender's true value of every outcome and, like the debtor, the deadline; they are not told budgets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.core.bench.field import Field
from portal.core.bench.people import Debtor, Wish
from portal.core.plans.grammar import Terms


class Seat(Protocol):
    """One negotiation seen by a policy: which rows of the field it offers in a round, having heard an ask."""

    def offers(self, number: int, wish: Wish | None) -> Sequence[int]:
        """Return the rows on the table in round `number` (1 is the first, before any ask)."""


Policy = Callable[[Field, Debtor], Seat]
RUNGS = (
    ("full", 1, 0),
    ("lump", 1, 1000),
    ("lump", 1, 2000),
    *(("installment", n, 0) for n in (3, 6, 9, 12)),
)
MENU = (*(("installment", n, 0) for n in (3, 6, 12, 24, 36)), ("full", 1, 0), ("lump", 1, 2000))
BID_FLOOR = 0.6  # blind bids are taken from this share of the balance


def _rows(field: Field, wanted: Sequence[tuple[str, int, int]]) -> list[int]:
    plain = {Terms(family=f, freq=field.case.facts.freq, count=n, waiver_bp=w): None for f, n, w in wanted}
    places = {terms: row for row, terms in enumerate(field.sheet.terms) if terms in plain}
    inside = set(field.inside)
    return [places[terms] for terms in plain if terms in places and places[terms] in inside]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Seven fixed rungs, one a round, whatever the debtor says; earlier rungs stay open."""

    rungs: list[int]

    def offers(self, number: int, wish: Wish | None) -> Sequence[int]:
        """Return the rungs opened so far."""
        del wish
        return self.rungs[:number]


def ladder(field: Field, debtor: Debtor) -> Seat:
    """Return the fixed ladder: all at once, two settlements, then installments up to a year."""
    del debtor
    return Ladder(_rows(field, RUNGS))


def static_menu(field: Field, debtor: Debtor) -> Seat:
    """Return the static menu: 1, 3, 6, 12, 24, 36 payments or 20 % off at once, the same in every round."""
    del debtor
    return _Fixed(_rows(field, MENU))


@dataclass(frozen=True, slots=True)
class _Fixed:
    rows: list[int]

    def offers(self, number: int, wish: Wish | None) -> Sequence[int]:
        del number, wish
        return self.rows


@dataclass(frozen=True, slots=True)
class Blind:
    """Three bids of one payment at once, each judged against a hidden share of the balance."""

    field: Field
    debtor: Debtor

    def offers(self, number: int, wish: Wish | None) -> Sequence[int]:
        """Return the settlement that the bid of this round buys, if it is high enough."""
        del wish
        if number > 3:
            return []
        at_hand = max(self.debtor.cash, self.debtor.affordable)
        bid = min(1.0, at_hand / self.debtor.balance) * (0.8 + 0.1 * (number - 1))
        if bid < BID_FLOOR:
            return []
        terms = self.field.sheet.terms
        single = [
            row
            for row in self.field.inside
            if terms[row].family in {"full", "lump"} and self.field.total[row] >= bid * self.debtor.balance
        ]
        return [min(single, key=lambda row: (self.field.total[row], row))] if single else []


def blind_bids(field: Field, debtor: Debtor) -> Seat:
    """Return three blind bids."""
    return Blind(field, debtor)


@dataclass(slots=True)
class Agent:
    """An agent with a target for its own value that falls with time; accepts an ask that reaches the next target.

    Of all outcomes at or above the target it offers the one nearest to the last ask (pay, total); the first offer is
    its own best.
    """

    field: Field
    debtor: Debtor
    ranked: list[int]
    value: list[float]
    target: Callable[["Agent", int], float]
    heard: list[float]

    @property
    def top(self) -> float:
        """The agent's best value."""
        return self.value[self.ranked[0]]

    @property
    def least(self) -> float:
        """The agent's floor."""
        return self.value[self.ranked[-1]]

    def offers(self, number: int, wish: Wish | None) -> Sequence[int]:
        """Return the offer of a round, or the outcome that was asked for."""
        if wish is None:
            return self.ranked[:1]
        asked = self.field.meeting(wish, self.value)
        self.heard.append(self.value[asked] if asked is not None else self.field.none)
        target = self.target(self, number)
        if asked is not None and self.value[asked] >= target:
            return [asked]
        rows = [row for row in self.ranked if self.value[row] >= target]
        return [min(rows or self.ranked[:1], key=lambda row: self._distance(row, wish))]

    def _distance(self, row: int, wish: Wish) -> tuple[float, float]:
        over = max(0, self.field.largest[row] - wish.pay) / max(1, wish.pay)
        more = max(0, self.field.total[row] - wish.total) / max(1, wish.total)
        first = self.field.down[row] / self.debtor.balance
        return 4 * (over + first) + more, self.field.largest[row]


def _timed(power: float) -> Callable[[Agent, int], float]:
    def target(agent: Agent, number: int) -> float:
        passed = min(1.0, (number - 1) / max(1, agent.debtor.patience - 1))
        return agent.top - (agent.top - agent.least) * float(passed ** (1.0 / power))

    return target


def _mirrored(agent: Agent, number: int) -> float:
    """Give as much as the debtor's asks have moved, in the agent's own value."""
    del number
    moved = max(0.0, agent.heard[-1] - agent.heard[0])
    return max(agent.least, agent.top - moved)


def _stepping(agent: Agent, number: int) -> float:
    """Concede evenly through the list of outcomes, best first, and accept whatever beats the next."""
    last = len(agent.ranked) - 1
    place = last * min(1.0, (number - 1) / max(1, agent.debtor.patience - 1))
    return agent.value[agent.ranked[round(place)]]


def agent_of(target: Callable[[Agent, int], float], *, told: bool = False) -> Policy:
    """Return a policy that plays an agent with a target; `told` lets it know the true value of every outcome."""

    def sit(field: Field, debtor: Debtor) -> Seat:
        value = field.value if told else field.guess
        ranked = sorted(field.inside, key=lambda row: (-value[row], row))
        return Agent(field, debtor, ranked, value, target, []) if ranked else _Fixed([])

    return sit


BASELINES: dict[str, Policy] = {
    "fixed ladder": ladder,
    "static menu": static_menu,
    "three blind bids": blind_bids,
    "Boulware": agent_of(_timed(0.2)),
    "linear": agent_of(_timed(1.0)),
    "Conceder": agent_of(_timed(4.0)),
    "tit for tat": agent_of(_mirrored),
    "concede, accept better": agent_of(_stepping),
}
# The same agents if they knew every debtor's budget and way of breaking: no bar, for comparison.
TOLD: dict[str, Policy] = {
    "linear, told the budget": agent_of(_timed(1.0), told=True),
    "Conceder, told the budget": agent_of(_timed(4.0), told=True),
}

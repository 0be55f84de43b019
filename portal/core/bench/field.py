"""All outcomes of one debtor as they really are: the debtor's own utility and the lender's value in the world.

The same outcomes for every policy, built from the list of candidates and valued by the debtor's own way of breaking,
not by the engine's model.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from portal.core.bench.people import Debtor, Wish
from portal.core.bounds.model import Bounds
from portal.core.errors import NegotiationError
from portal.core.negotiation.boards import board_of
from portal.core.negotiation.context import Case, frame_of, open_case
from portal.core.negotiation.evaluate import BP_TO_MICRO
from portal.core.negotiation.model import PRIOR, WORTH
from portal.core.negotiation.policy import key_of
from portal.core.negotiation.score import MICRO
from portal.core.negotiation.sheet import Sheet, sheet_of
from portal.core.plans.grammar import Plan, Terms


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Outcomes by row of the sheet: lender's value and kept share in the world, the debtor's utility, amounts.

    `guess` is the lender's value by the literature prior for a typical budget: what a policy knows that is not told
    any. `inside` are the rows inside all bounds, the lender's floors included; `payable` those that the debtor can pay;
    `zone` the payable ones inside that the debtor would rather have than no plan.
    """

    case: Case
    sheet: Sheet
    value: list[float]
    guess: list[float]
    kept: list[float]
    utility: list[float]
    largest: list[int]
    down: list[int]
    total: list[int]
    inside: tuple[int, ...]
    zone: tuple[int, ...]
    payable: list[bool]
    none: float

    @property
    def best_value(self) -> float:
        """The largest lender's value that the debtor would still take; the no-plan value without a zone."""
        return max((self.value[row] for row in self.zone), default=self.none)

    @property
    def best_utility(self) -> float:
        """The largest utility inside the bounds; 0 without a zone."""
        return max((self.utility[row] for row in self.zone), default=0.0)

    def nash(self, row: int) -> float:
        """Return (L/A - no plan) * u of an outcome, 0 where either side loses."""
        return max(0.0, self.value[row] - self.none) * max(0.0, self.utility[row])

    @property
    def best_nash(self) -> float:
        """The largest product in the zone."""
        return max((self.nash(row) for row in self.zone), default=0.0)

    def row_of(self, plan: Plan) -> int:
        """Return the row of a plan that was offered. Raises `NegotiationError` for one outside the grammar."""
        row = _places(self.sheet).get(bare(plan.params))
        if row is None:
            raise NegotiationError(f"{plan.params.to_dict()} is no outcome of this case")
        return row

    def meeting(self, wish: Wish, value: list[float]) -> int | None:
        """Return the outcome of the highest value inside the bounds that is no worse than a wish, or None."""
        most, whole, largest, down = wish.pay, wish.total, self.largest, self.down
        small = [row for row in self.inside if largest[row] <= most and not down[row]]
        rows = [row for row in small if self.total[row] <= whole]
        return max(rows, key=lambda row: (value[row], -row), default=None)


def bare(terms: Terms) -> Terms:
    """Return terms without dates and accounts, as the list of candidates holds them."""
    merged = terms.family == "consolidation"
    family = terms.inner if merged else terms.family
    inner = terms.inner if terms.family == "skills" else ""
    return replace(terms, family=family, inner=inner, first_in_days=0, accounts=(), order="")


@lru_cache(maxsize=32)
def _places(sheet: Sheet) -> dict[Terms, int]:
    return {terms: row for row, terms in enumerate(sheet.terms)}


def field_of(debtor: Debtor, bounds: Bounds) -> Field:
    """Return the field of a debtor. Raises `NegotiationError` where no rule covers the accounts."""
    case = open_case(facts=replace(debtor.facts, evidence="documents"), bounds=bounds)
    if case is None:
        raise NegotiationError("the bench's bounds cover no account of this debtor")
    case = replace(case, affordable=debtor.affordable, cash=debtor.cash)
    freq = case.facts.freq
    frame = frame_of(case, freq=freq)
    board = board_of(sheet_of(key_of(case, freq)), case, frame, debtor.world)
    read = board.figures
    down, largest, periods = read("down"), read("largest"), read("periods")
    costs = [(MICRO - one) * WORTH / MICRO for one in read("debtor")]
    kept = [one / MICRO for one in read("kept")]
    value = [one / MICRO for one in read("value")]
    utility = [
        _utility(debtor, cost, first / frame.balance, alive)
        for cost, first, alive in zip(costs, down, kept, strict=True)
    ]
    terms = zip(largest, down, periods, strict=True)
    payable = [_can_pay(debtor, frame.affordable, most, first, n) for most, first, n in terms]
    floor = case.rules.value.npv_floor * BP_TO_MICRO / MICRO
    least = case.rules.value.expected_cash_floor * BP_TO_MICRO
    cash = read("cash")
    inside = tuple(int(r) for r in board.sound() if value[r] >= floor and cash[r] >= least)
    return Field(
        case=case,
        sheet=board.sheet,
        value=value,
        guess=_guess(case),
        kept=kept,
        utility=utility,
        largest=largest,
        down=down,
        total=read("after"),
        inside=inside,
        zone=tuple(row for row in inside if payable[row] and utility[row] >= 0.0),
        payable=payable,
        none=case.rules.value.no_plan_value * BP_TO_MICRO / MICRO,
    )


def _can_pay(debtor: Debtor, able: int, most: int, first: int, count: int) -> bool:
    """Tell whether a plan's payments are in reach: one payment from cash too, several from what a month leaves."""
    if count == 1 and not first:
        return most <= max(able, debtor.cash)
    return most <= able and first <= debtor.cash


def _guess(case: Case) -> list[float]:
    """Return the lender's value of every outcome for a debtor of whom only the balance is known."""
    rules = case.rules.value
    typical = max(case.balance * rules.prior_affordable // 10_000, rules.prior_affordable_min)
    blind = replace(case, affordable=typical, cash=0)
    freq = case.facts.freq
    board = board_of(sheet_of(key_of(blind, freq)), blind, frame_of(blind, freq=freq), PRIOR)
    return [one / MICRO for one in board.figures("value")]


def _utility(debtor: Debtor, cost: float, down: float, kept: float) -> float:
    """Return 1 - cost / worth: what comes later weighs less by the bias, a feared break takes something off."""
    felt = down + (cost - down) * debtor.bias
    return 1.0 - felt / debtor.worth - debtor.foresight * (1.0 - kept)

"""Play one debtor against one policy, and measure what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.bench.baselines import Policy, Seat
from portal.core.bench.field import Field
from portal.core.bench.people import Debtor, wish_of

IMPROVED = 0.01  # a waiter waits on while offers got better by more than this share of the balance


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one negotiation: the row agreed or None, and the round in which it ended."""

    row: int | None
    rounds: int


def play(debtor: Debtor, field: Field, policy: Policy) -> Outcome:
    """Play the rounds until the debtor accepts or walks away."""
    seat: Seat = policy(field, debtor)
    best, before = field.best_utility, -1.0
    for number in range(1, debtor.patience + 1):
        aspiration = debtor.aspiration(number, best)
        wish = None if number == 1 else wish_of(debtor, aspiration)
        row = favorite(field, seat.offers(number, wish))
        found = field.utility[row] if row is not None else -1.0
        better = found > before + IMPROVED
        before = max(before, found)
        if debtor.waits and better and number < debtor.patience:
            continue
        if row is not None and found >= aspiration:
            return Outcome(row, number)
    return Outcome(None, debtor.patience)


def favorite(field: Field, rows: Sequence[int]) -> int | None:
    """Return the row that the debtor likes best among those that can be paid."""
    payable = [row for row in rows if field.payable[row]]
    return max(payable, key=lambda row: (field.utility[row], -row), default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measures:
    """Means over debtors with a zone of agreement; `completion` and `rounds` over agreements."""

    agreement: float
    value: float
    nash: float
    completion: float
    rounds: float
    count: int


def measure(fields: Sequence[Field], outcomes: Sequence[Outcome]) -> Measures:
    """Return the measures of some negotiations; without an agreement the lender has the no-plan value, Nash 0."""
    pairs = [(f, o) for f, o in zip(fields, outcomes, strict=True) if f.zone and f.best_nash > 0]
    agreed = [(f, o.row, o.rounds) for f, o in pairs if o.row is not None]
    values = [(f.none if o.row is None else f.value[o.row]) / f.best_value for f, o in pairs]
    products = [0.0 if o.row is None else f.nash(o.row) / f.best_nash for f, o in pairs]
    return Measures(
        agreement=len(agreed) / max(1, len(pairs)),
        value=_mean(values),
        nash=_mean(products),
        completion=_mean([f.kept[row] for f, row, _ in agreed]),
        rounds=_mean([number for _, _, number in agreed]),
        count=len(pairs),
    )


def _mean(figures: Sequence[float]) -> float:
    return sum(figures) / len(figures) if figures else 0.0


def informed(fields: Sequence[Field], weight: float) -> tuple[Outcome, ...]:
    """Return what somebody who knew every debtor's mind would agree: the best of Nash + weight * value ratios.

    No policy that looks at facts only can beat these; the curve over weights bounds every trade of Nash for value.
    """
    found = []
    for field in fields:
        best, top = field.best_value, field.best_nash

        def worth(row: int, field: Field = field, best: float = best, top: float = top) -> float:
            return field.nash(row) / max(top, 1e-9) + weight * field.value[row] / best

        row = max(field.zone, key=worth, default=None)
        found.append(Outcome(row, 1))
    return tuple(found)

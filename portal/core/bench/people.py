"""Made-up debtors: what they tell the portal, what is true of them, and how they make up their minds.

A debtor counts the cost of a plan as the engine's proxy does (2 % a month, .15 for the squared burden), but with
their own worth of settling, which nobody else knows. Nothing here reads the engine's policy.
"""

from dataclasses import dataclass, replace
from math import exp, log, log1p
from typing import Protocol

from portal.core.negotiation.facts import Facts
from portal.core.negotiation.model import MONTHLY_DISCOUNT, STRESS, Model


class Draws(Protocol):
    """Where chance comes from: `random.Random(seed)` outside core."""

    def random(self) -> float:
        """Return the next number in [0, 1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Debtor:
    """One made-up debtor.

    `facts` are what is told at first; `affordable` (a month) and `cash` what is true, in minor units. `worth` is what
    settling is worth as a share of the balance, `patience` the rounds before walking away, `start` the share of the
    best utility aspired to in the first round (falling in a line to 0 in the last), `pay_share` how much of the
    affordable amount an ask names. `bias` < 1 discounts everything that is not paid now, `foresight` is how much a
    break of the plan is feared. `waits` holds out while offers still get better. `documents` tells whether papers
    can be shown when asked. `world` is how this debtor really breaks.
    """

    facts: Facts
    affordable: int
    cash: int
    worth: float
    patience: int
    start: float
    pay_share: float
    world: Model
    bias: float = 1.0
    foresight: float = 0.0
    waits: bool = False
    documents: bool = True

    @property
    def balance(self) -> int:
        """What is owed on all accounts."""
        return self.facts.balance_minor

    def with_documents(self) -> Facts:
        """Return the facts after papers were asked for: the same, or with documents as evidence."""
        return replace(self.facts, evidence="documents") if self.documents else self.facts

    def aspiration(self, number: int, best: float) -> float:
        """Return the least utility accepted in a round (1 is the first), given the best the bounds hold."""
        if number >= self.patience:
            return 0.0
        return best * self.start * (1.0 - (number - 1) / (self.patience - 1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a debtor asks for: so much a month and so much in all, in minor units."""

    pay: int
    total: int


def wish_of(debtor: Debtor, aspiration: float) -> Wish:
    """Return the ask whose level plan has the utility aspired to: pay * n months = total, at most the balance."""
    pay = max(1, int(debtor.affordable * debtor.pay_share))
    burden = pay / max(1, debtor.affordable)
    each = pay * (1.0 + STRESS * burden * burden) * debtor.bias
    monthly = MONTHLY_DISCOUNT - 1.0
    factor = debtor.worth * (1.0 - aspiration) * debtor.balance / each * monthly
    months = -log1p(-factor) / log(MONTHLY_DISCOUNT) if factor < 1.0 else float("inf")
    total = debtor.balance if pay * months >= debtor.balance else int(pay * months)
    return Wish(pay=pay, total=max(1, total))


def between(draws: Draws, low: float, high: float) -> float:
    """Return a number drawn evenly from [low, high)."""
    return low + (high - low) * draws.random()


def whole(draws: Draws, low: int, high: int) -> int:
    """Return a whole number drawn evenly from low..high, both included."""
    return low + int(draws.random() * (high - low + 1))


def bell(draws: Draws) -> float:
    """Return a draw from the normal distribution, by the sum of twelve even draws (the same on every platform)."""
    return sum(draws.random() for _ in range(12)) - 6.0


def spread(draws: Draws, median: float, sigma: float) -> float:
    """Return a lognormal draw by its median."""
    return median * exp(sigma * bell(draws))


def heavy(draws: Draws, median: float, tail: float) -> float:
    """Return a draw with power-law tails on both sides: log-logistic with the exponent `tail`."""
    u = min(max(draws.random(), 1e-4), 1 - 1e-4)
    return median * exp((log(u) - log1p(-u)) / tail)

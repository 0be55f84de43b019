"""The frozen generator of ENGINE.md 6: the debtors that the published figures are made with.

Balance lognormal, median 2,400 (400 to 20,000), sigma .8; monthly surplus / balance median 4 %, sigma .7; 35 % hold
cash of 5 to 60 % of the balance; settling is worth U(.5, 1.05) of it; patience 2 to 8 rounds. Debtors break by the
elasticity 2.36 (the prototype's constant), not by the engine's 1.0. Not fixed there, and chosen here: days past due
91 to 900, first aspiration U(.3, .9) of the best utility, an ask names U(.5, .8) of the affordable amount.
"""

from dataclasses import replace
from datetime import date

from portal.core.bench.people import Debtor, Draws, between, spread, whole
from portal.core.negotiation.facts import AccountFacts, Budget, Facts
from portal.core.negotiation.model import PRIOR, Model

TODAY = date(2026, 12, 1)
SEEDS = tuple(range(1, 11))
COUNT = 250
EPS = 2.36


def debtors(draws: Draws, count: int = COUNT, *, eps: float = EPS) -> tuple[Debtor, ...]:
    """Return the made-up debtors of some draws; `eps` is how strongly the burden breaks plans in their world."""
    world = replace(PRIOR, model_id=f"world {eps}", eps_within=eps)
    return tuple(_debtor(draws, number, world) for number in range(count))


def _debtor(draws: Draws, number: int, world: Model) -> Debtor:
    balance = int(min(2_000_000, max(40_000, spread(draws, 240_000, 0.8))))
    surplus = int(balance * spread(draws, 0.04, 0.7))
    cash = int(balance * between(draws, 0.05, 0.6)) if draws.random() < 0.35 else 0
    account = AccountFacts(
        account_ref=f"A{number}",
        currency="USD",
        principal_minor=balance,
        days_past_due=whole(draws, 91, 900),
    )
    facts = Facts(
        as_of=TODAY,
        accounts=(account,),
        evidence="budget_self",
        budget=Budget(income_minor=surplus, cash_minor=cash),
    )
    return Debtor(
        facts=facts,
        affordable=surplus,
        cash=cash,
        worth=between(draws, 0.5, 1.05),
        patience=whole(draws, 2, 8),
        start=between(draws, 0.3, 0.9),
        pay_share=between(draws, 0.5, 0.8),
        world=world,
    )

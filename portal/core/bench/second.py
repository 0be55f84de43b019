"""The second generator, built differently: incomes with heavy tails, biased minds, waiters, twins, several debts.

A plan breaks when two months in a row leave less than the payment, or when the income is lost altogether. The
monthly surplus is the stated one times a log-logistic factor (median 1.6, exponent 2.5; gig workers, one in four, 1.5);
incomes are lost at .06 a year. So the hazard has no elasticity, no falling shape and no covariate of the engine's
model. Two in five debtors discount all that is not paid now by .8 (naive), one in five by .9 and fear a break (weight
.1); one in twenty waits while offers get better; one in ten has a twin with the same facts who waits as long as it
takes; one in four owes two or three debts with interest and fees; one in ten has no papers to show.
"""

from dataclasses import dataclass, replace

from portal.core.bench.generator import COUNT, TODAY
from portal.core.bench.people import Debtor, Draws, between, heavy, whole
from portal.core.negotiation.facts import AccountFacts, Budget, Facts
from portal.core.negotiation.model import Model

LOST = 0.06  # incomes lost a year
MEDIAN = 1.6  # of the monthly factor on the stated surplus
STEADY, GIG = 2.5, 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Shocks(Model):
    """A world where two bad months in a row break a plan."""

    model_id: str = "world of shocks"
    tail: float = STEADY

    def yearly(self, burden: float, standard: float) -> float:
        """Return losses of income and pairs of bad months a year."""
        del standard
        bad = 1.0 / (1.0 + float((MEDIAN / burden) ** self.tail))
        return LOST + 12.0 * bad * bad

    def clock(self, years: float) -> float:
        """Return the years: shocks do not get rarer."""
        return years


WORLDS = (Shocks(model_id="steady"), Shocks(model_id="gig", tail=GIG))


def debtors(draws: Draws, count: int = COUNT) -> tuple[Debtor, ...]:
    """Return the made-up debtors of some draws; twins follow each other."""
    found: list[Debtor] = []
    while len(found) < count:
        one = _debtor(draws, len(found))
        found.append(one)
        if draws.random() < 0.1 and len(found) < count:
            found.append(replace(one, patience=8, start=1.0, waits=True))
    return tuple(found)


def _debtor(draws: Draws, number: int) -> Debtor:
    balance = int(min(3_000_000, max(30_000, heavy(draws, 240_000, 2.2))))
    surplus = max(1, int(balance * min(0.5, heavy(draws, 0.04, 2.5))))
    cash = int(balance * min(0.8, heavy(draws, 0.15, 2.0))) if draws.random() < 0.35 else 0
    facts = Facts(
        as_of=TODAY,
        accounts=_debts(draws, number, balance),
        evidence="budget_self",
        budget=Budget(income_minor=surplus, cash_minor=cash),
    )
    mind = draws.random()
    bias, foresight = (0.8, 0.0) if mind < 0.4 else (0.9, 0.1) if mind < 0.6 else (1.0, 0.0)
    return Debtor(
        facts=facts,
        affordable=surplus,
        cash=cash,
        worth=min(1.1, max(0.4, between(draws, 0.4, 0.7) + between(draws, 0.0, 0.45))),
        patience=whole(draws, 2, 8),
        start=between(draws, 0.3, 0.9),
        pay_share=between(draws, 0.5, 0.8),
        world=WORLDS[draws.random() < 0.25],
        bias=bias,
        foresight=foresight,
        waits=draws.random() < 0.05,
        documents=draws.random() < 0.9,
    )


def _debts(draws: Draws, number: int, balance: int) -> tuple[AccountFacts, ...]:
    days, many = whole(draws, 91, 1500), whole(draws, 2, 3) if draws.random() < 0.25 else 1
    found, left = [], balance
    for k in range(many):
        part = left if k == many - 1 else int(left * between(draws, 0.3, 0.7))
        left -= part
        interest, fees = (part // 10, part // 40) if many > 1 else (0, 0)
        account = AccountFacts(
            account_ref=f"B{number}-{k}",
            currency="USD",
            principal_minor=part - interest - fees,
            interest_minor=interest,
            fees_minor=fees,
            days_past_due=days + 30 * k,
        )
        found.append(account)
    return tuple(found)

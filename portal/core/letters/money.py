"""Letters about money: the receipt of a payment, the statement of some days, the quote of what ends the debt.

Amounts are minor units of the account's currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from portal.core.letters.blocks import Block, day, head, money, pairs, rate, say, table, term, total, words
from portal.core.letters.frame import Frame, compose, signature_lines
from portal.core.money import round_half_even
from portal.core.payables import Due, payable
from portal.core.statements import Statement

PARTS = ("fees", "interest", "plan_interest", "principal", "credit")
CAUSES = (
    "payment", "refund", "returned", "refund_failed", "waiver", "waiver_undone", "tranche", "as_signed", "training",
    "adjustment",
)  # fmt: skip
"""What can stand behind a line of a statement; any other cause is called a change."""
QUOTE_DAYS = 7
QUOTE_DAYS_MAX = 30
DAYS_OF_YEAR = 365


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptFacts:
    """A payment that was received: where it went, part by part, and what is left of plan and debt today.

    `allocation` maps parts to amounts; `installments` are (number, amount) of the plan's payments that it filled;
    `plan_left` is None without a plan; `given_back` is what went back since.
    """

    number: str
    payment_ref: str
    amount: int
    paid_on: date
    allocation: Mapping[str, int]
    installments: Sequence[tuple[int, int]] = ()
    given_back: int = 0
    balance: int
    plan_left: int | None = None


def receipt(frame: Frame, facts: ReceiptFacts) -> dict[str, Any]:
    """Return the receipt of a payment: number, day, allocation and what remains."""
    currency = frame.currency
    parts: list[tuple[str, date | None, Mapping[str, Any]]] = [
        (f"part_{name}", None, money(facts.allocation[name], currency))
        for name in PARTS
        if facts.allocation.get(name)
    ]
    blocks: list[Block] = [
        say("receipt_received", amount=money(facts.amount, currency), day=day(facts.paid_on)),
        pairs(("receipt_number", words(facts.number)), ("receipt_payment", words(facts.payment_ref))),
    ]
    if parts:
        placed = sum(part[2]["minor"] for part in parts)
        blocks += [head("receipt_where"), total(parts, "receipt_total", money(placed, currency))]
    if facts.installments:
        rows = [(words(str(number)), money(part, currency)) for number, part in facts.installments]
        blocks.append(table("receipt_installments", ("column_number", "column_amount"), rows))
    if facts.given_back:
        blocks.append(say("receipt_given_back", amount=money(facts.given_back, currency)))
    left = [("receipt_balance", money(facts.balance, currency))]
    if facts.plan_left is not None:
        left.insert(0, ("receipt_plan_left", money(facts.plan_left, currency)))
    blocks += [head("receipt_left"), pairs(*left), *signature_lines(frame)]
    return compose(frame, kind="receipt", title="receipt_title", blocks=blocks)


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementFacts:
    """The postings of some days, and the plan's next payment where one runs."""

    statement: Statement
    next_due_on: date | None = None
    next_amount: int = 0


def account_statement(frame: Frame, facts: StatementFacts) -> dict[str, Any]:
    """Return the statement of an account: what was owed, each posting, what is owed."""
    made, currency = facts.statement, frame.currency
    blocks: list[Block] = [
        say("statement_days", since=day(made.since), until=day(made.until)),
        pairs(("statement_opening", money(made.opening, currency))),
    ]
    if made.lines:
        rows = [
            (
                day(line.effect.on),
                term(_cause(line.effect.cause)),
                money(line.effect.amount, currency),
                money(line.balance, currency),
            )
            for line in made.lines
        ]
        columns = ("column_day", "column_what", "column_amount", "column_balance")
        blocks.append(table("statement_lines", columns, rows))
    else:
        blocks.append(say("statement_nothing"))
    closing = [("statement_closing", money(made.closing, currency))]
    if facts.next_due_on is not None:
        closing += [
            ("statement_next_day", day(facts.next_due_on)),
            ("statement_next_amount", money(facts.next_amount, currency)),
        ]
    blocks += [pairs(*closing), say("statement_wrong")]
    return compose(frame, kind="statement", title="statement_title", blocks=blocks)


def _cause(cause: str) -> str:
    return f"cause_{cause}" if cause in CAUSES else "cause_other"


@dataclass(frozen=True, kw_only=True, slots=True)
class PayoffFacts:
    """What ends a debt: today's balance without a plan, or a plan's open installments since its signature.

    `principal` bears the contract's yearly rate where no plan runs. The quote holds for `days` days after today.
    """

    today: date
    balance: int
    dues: Sequence[Due] = ()
    starts_on: date | None = None
    principal: int = 0
    annual_rate: Decimal = Decimal(0)
    days: int = QUOTE_DAYS


def payoff_on(facts: PayoffFacts, on: date) -> int:
    """Return what ends the debt when it is paid on a day: the amount that paying all of it on that day asks for."""
    return payable(balance=facts.balance, dues=facts.dues, starts_on=facts.starts_on, today=on, least=0).all


def payoff_quote(frame: Frame, facts: PayoffFacts) -> dict[str, Any]:
    """Return the quote: the amount of each day until it ends, what a day adds, and what happens after it.

    Raises ValueError for a number of days below 1 or above `QUOTE_DAYS_MAX`.
    """
    if not 1 <= facts.days <= QUOTE_DAYS_MAX:
        raise ValueError(f"a quote holds for 1 to {QUOTE_DAYS_MAX} days")
    currency = frame.currency
    until = facts.today + timedelta(days=facts.days)
    days = [facts.today + timedelta(days=place) for place in range(facts.days + 1)]
    amounts = [payoff_on(facts, on) for on in days]
    daily = max((later - before for before, later in pairwise(amounts)), default=0)
    blocks: list[Block] = [
        say("payoff_ends", amount=money(amounts[0], currency), day=day(facts.today)),
        pairs(("payoff_until", day(until)), ("payoff_until_amount", money(amounts[-1], currency))),
    ]
    if daily:
        rows = [(day(on), money(amount, currency)) for on, amount in zip(days, amounts, strict=True)]
        blocks += [
            say("payoff_daily", amount=money(daily, currency)),
            table("payoff_table", ("column_day", "column_amount"), rows),
        ]
    else:
        blocks.append(say("payoff_same"))
    blocks += [*_contract_interest(frame, facts), say("payoff_booked"), say("payoff_how")]
    return compose(frame, kind="payoff_quote", title="payoff_title", blocks=blocks)


def _contract_interest(frame: Frame, facts: PayoffFacts) -> tuple[Block, ...]:
    """Return what a day of the contract's interest is, where no plan fixes it."""
    if facts.dues or not facts.annual_rate or not facts.principal:
        return ()
    daily = round_half_even(Decimal(facts.principal) * facts.annual_rate / DAYS_OF_YEAR)
    yearly = rate(facts.annual_rate)
    return (say("payoff_contract", amount=money(daily, frame.currency), rate=yearly),)

"""What a claim consists of, as Germany and France ask for it in the first letter.

DE: § 13a(1) RDG for collection services, § 43d(1) BRAO for lawyers. FR: art. R124-4 of the Code des procédures civiles
d'exécution, with the sense of art. L111-8, second and third paragraphs. The sentences are our own.
"""

from decimal import Decimal
from typing import Any

from portal.core.letters.blocks import Block, day, head, money, pairs, rate, say, total, words
from portal.core.letters.frame import Frame, compose
from portal.core.letters.itemized import LINE_KEYS, DebtFacts

PLACES = ("DE", "FR")


def itemization(frame: Frame, facts: DebtFacts, *, annual_rate: Decimal) -> dict[str, Any]:
    """Return the itemization of the debtor's place. Raises ValueError for a place that asks for none."""
    if frame.place == "DE":
        return compose(frame, kind="itemization", title="de_title", blocks=_german(frame, facts, annual_rate))
    if frame.place == "FR":
        return compose(frame, kind="itemization", title="fr_title", blocks=_french(frame, facts))
    raise ValueError(f"{frame.place} asks for no itemization")


def _lines(frame: Frame, facts: DebtFacts) -> Block:
    rows = [
        (
            f"line_{line.key}" if line.key in LINE_KEYS else "line_other",
            line.on,
            money(line.amount, frame.currency),
        )
        for line in facts.lines
    ]
    return total(rows, "items_total", money(facts.balance, frame.currency))


def _parts(frame: Frame, facts: DebtFacts) -> Block:
    named = (
        ("items_principal", facts.principal),
        ("items_interest", facts.interest),
        ("items_fees", facts.fees),
    )
    rows = [(name, None, money(amount, frame.currency)) for name, amount in named]
    return total(rows, "items_total", money(facts.balance, frame.currency))


def _creditor(frame: Frame) -> str:
    return ", ".join((frame.creditor.name, *frame.creditor.address))


def _german(frame: Frame, facts: DebtFacts, annual_rate: Decimal) -> list[Block]:
    source = "de_brao" if frame.sender.is_law_firm else "de_rdg"
    interest: list[Block] = [say("de_no_interest")]
    if facts.interest or annual_rate:
        interest = [
            pairs(
                ("de_interest_on", money(facts.principal, frame.currency)),
                ("de_interest_rate", rate(annual_rate)),
                ("de_interest_from", day(facts.opened_on)),
                ("de_interest_until", day(facts.as_of)),
                ("de_interest_sum", money(facts.interest, frame.currency)),
            ),
            say("de_interest_why", day=day(facts.opened_on)),
        ]
    fees = sum(line.amount for line in facts.lines if line.key in {"fees", "penalty"})
    costs = say("de_costs", amount=money(fees, frame.currency)) if fees else say("de_no_costs")
    return [
        say(source),
        head("items_creditor"),
        pairs(("items_creditor_name", words(_creditor(frame)))),
        head("items_ground"),
        say("items_contract", account=words(frame.account_ref), day=day(facts.opened_on)),
        head("items_sum"),
        _lines(frame, facts),
        head("de_interest"),
        *interest,
        head("de_costs_head"),
        costs,
        say("de_vat"),
        head("de_data"),
        say("de_address"),
        head("de_authority"),
        pairs(("de_authority_name", words(", ".join(frame.sender.authority)))),
        say("items_right"),
    ]


def _french(frame: Frame, facts: DebtFacts) -> list[Block]:
    sender = ", ".join((frame.sender.name, *frame.sender.address))
    return [
        say("fr_who", sender=words(sender)),
        head("items_creditor"),
        pairs(("items_creditor_name", words(_creditor(frame)))),
        head("items_ground"),
        say("items_contract", account=words(frame.account_ref), day=day(facts.opened_on)),
        head("items_sum"),
        _parts(frame, facts),
        _lines(frame, facts),
        head("fr_pay_head"),
        say("fr_pay", amount=money(facts.balance, frame.currency)),
        head("fr_costs_head"),
        say("fr_costs_creditor"),
        say("fr_costs_judge"),
        say("fr_reference", number=words(frame.letter_ref[-12:].upper())),
        say("items_right"),
    ]

"""Every kind of letter with everything in it, so that each text id is asked for by some of them."""

from datetime import date, timedelta
from decimal import Decimal

from portal.core.letters import endings, itemizations, notices
from portal.core.letters import money as money_letters
from portal.core.letters.frame import Creditor, Frame, Sender
from portal.core.letters.itemized import LINE_KEYS, DebtFacts, DebtLine
from portal.core.payables import Due
from portal.core.statements import Effect, statement

TODAY = date(2026, 12, 1)
REF = "ltr_0193a1b2c3d47e5f8a9b0c1d2e3f4a5b"


def a_frame(**changes):
    plain = {
        "letter_ref": REF,
        "language": "en",
        "made_on": TODAY,
        "sender": Sender(
            name="Northwind Recovery",
            address=("12 Harbor Street", "London E1 6AN"),
            phone="+44 20 7946 0018",
            email="hello@northwind.example",
            authority=("Bundesamt für Justiz", "53094 Bonn"),
            collects_for_others=True,
        ),
        "creditor": Creditor(brand="Tamarind", name="Tamarind Bank AG", address=("Ring 1", "10115 Berlin")),
        "debtor_ref": "dbt_1",
        "debtor_name": "Maria Lopez",
        "account_ref": "AC-1",
        "currency": "USD",
        "opened_on": date(2024, 3, 2),
        "place": "US",
        "pack": "us-2026-11-24",
        "check_at": "https://portal.example/check",
    }
    return Frame(**plain | changes)


def a_receipt(frame, **changes):
    plain = {
        "number": "R-2026-17",
        "payment_ref": "pay_1",
        "amount": 10_000,
        "paid_on": TODAY,
        "allocation": dict.fromkeys(money_letters.PARTS, 1800),
        "installments": [(1, 6_000), (2, 3_000)],
        "given_back": 1_000,
        "balance": 90_000,
        "plan_left": 70_000,
    }
    return money_letters.receipt(frame, money_letters.ReceiptFacts(**plain | changes))


def a_statement(frame, causes=(*money_letters.CAUSES, "import")):
    effects = [
        Effect(on=TODAY - timedelta(days=place), cause=cause, amount=100 - place)
        for place, cause in enumerate(causes)
    ]
    made = statement(balance=5_000, effects=effects, since=TODAY - timedelta(days=30), until=TODAY)
    facts = money_letters.StatementFacts(statement=made, next_due_on=TODAY, next_amount=500)
    return money_letters.account_statement(frame, facts)


def some_dues(interest=3_000):
    return [
        Due(number=n, due_on=TODAY + timedelta(days=30 * n), left=10_000, interest=interest, unpaid_interest=interest)
        for n in (1, 2, 3)
    ]  # fmt: skip


def a_quote(frame, **changes):
    plain = {
        "today": TODAY,
        "balance": 30_000,
        "principal": 25_000,
        "annual_rate": Decimal("0.18"),
        "days": 7,
    }
    return money_letters.payoff_quote(frame, money_letters.PayoffFacts(**plain | changes))


TWO = (("AC-1", "Tamarind"), ("AC-2", "Northwind"))


def an_ending(frame, waived=0, accounts=()):
    facts = endings.EndingFacts(
        paid=80_000, waived=waived, ended_on=TODAY, agreement="3F2A90C417DE", accounts=accounts
    )
    return (endings.settled if waived else endings.paid_in_full)(frame, facts)


def a_milestone(frame, kind="certified", accounts=()):
    steps = [
        endings.Step(kind=one, due_by=TODAY, is_confirmed=place < 2, worth=1_000)
        for place, one in enumerate((*endings.STEPS, "something"))
    ]
    facts = endings.MilestoneFacts(
        kind=kind,
        course="Welding",
        provider="Harbor College",
        confirmed_on=TODAY,
        steps=steps,
        plan_left=50_000,
        accounts=accounts,
    )
    return endings.milestone(frame, facts)


def a_debt(**changes):
    lines = [
        DebtLine(key=key, on=TODAY - timedelta(days=100 - place), amount=amount)
        for place, (key, amount) in enumerate(
            zip(
                (*LINE_KEYS, "strange"),
                (90_000, 5_000, 900, 700, 300, -4_000, -500, -200, 100, 50),
                strict=True,
            )
        )
    ]
    balance = sum(line.amount for line in lines)
    plain = {
        "balance": balance,
        "principal": balance - 1_900,
        "interest": 900,
        "fees": 1_000,
        "lines": lines,
        "opened_on": date(2024, 3, 2),
        "last_payment_on": TODAY - timedelta(days=95),
        "as_of": TODAY,
    }
    return DebtFacts(**plain | changes)


def a_notice(frame, **changes):
    return notices.validation_notice(frame, a_debt(**changes), answer_at="https://portal.example/me/wrong")


def an_itemization(place, *, is_law_firm=False, rate=Decimal("0.05"), **changes):
    frame = a_frame(place=place, currency="EUR")
    if is_law_firm:
        frame = a_frame(
            place=place,
            currency="EUR",
            sender=Sender(name="Kanzlei Nord", address=("Weg 2",), is_law_firm=True),
        )
    return itemizations.itemization(frame, a_debt(**changes), annual_rate=rate)


def every_letter():
    """Give letters that together ask for every text there is, by a name for each."""
    frame = a_frame()
    return {
        "receipt": a_receipt(frame),
        "statement": a_statement(frame),
        "statement-empty": a_statement(frame, causes=()),
        "payoff": a_quote(frame),
        "payoff-plan": a_quote(frame, dues=some_dues(), starts_on=TODAY),
        "full": an_ending(frame),
        "settled": an_ending(frame, waived=70_000),
        "settled-two": an_ending(frame, waived=70_000, accounts=TWO),
        "milestone": a_milestone(frame),
        "us": a_notice(frame),
        "us-never-paid": a_notice(frame, last_payment_on=None),
        "de": an_itemization("DE"),
        "de-law-firm": an_itemization("DE", is_law_firm=True, rate=Decimal(0), interest=0, lines=[]),
        "fr": an_itemization("FR"),
        "fr-later": a_statement(a_frame(place="FR", recalls=("3F2A90C417DE", TODAY))),
    }

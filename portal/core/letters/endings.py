"""Letters that something good is done: nothing is left to pay, a settlement is reached, a step of a course counts.

Amounts are minor units of the account's currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.letters.blocks import Block, day, head, money, pairs, say, table, term, words
from portal.core.letters.frame import Frame, compose, signature_lines

REPORTED_FROM_MINOR = 60_000
"""US: forgiven sums of 600 dollars or more are reported (26 CFR 1.6050P-1(a))."""
STEPS = ("enrolled", "attended", "certified", "placed", "retained")


@dataclass(frozen=True, kw_only=True, slots=True)
class EndingFacts:
    """A debt that is closed: what was paid and what was forgiven, since when nothing is owed.

    `agreement` is the number of the plan that ended it, empty without one; `accounts` are all that it covered, each
    with its number and the company it is with.
    """

    paid: int
    waived: int
    ended_on: date
    agreement: str = ""
    accounts: Sequence[tuple[str, str]] = ()


def paid_in_full(frame: Frame, facts: EndingFacts) -> dict[str, Any]:
    """Return the letter that everything is paid."""
    blocks = [
        say("full_done", creditor=words(frame.creditor.brand), day=day(facts.ended_on)),
        pairs(*_ending(frame, facts)),
        *_covered(facts.accounts),
        *_released(frame),
        *signature_lines(frame),
    ]
    return compose(frame, kind="paid_in_full", title="full_title", blocks=blocks)


def settled(frame: Frame, facts: EndingFacts) -> dict[str, Any]:
    """Return the letter that a settlement is reached: paid as agreed, the rest is forgiven for good."""
    blocks = [
        say("settled_done", creditor=words(frame.creditor.brand), day=day(facts.ended_on)),
        pairs(*_ending(frame, facts), ("settled_waived", money(facts.waived, frame.currency))),
        say("settled_final"),
        *_covered(facts.accounts),
        *_released(frame),
        *_reported(frame, facts),
        *signature_lines(frame),
    ]
    return compose(frame, kind="settled", title="settled_title", blocks=blocks)


def _ending(frame: Frame, facts: EndingFacts) -> list[tuple[str, Any]]:
    rows = [("ending_paid", money(facts.paid, frame.currency)), ("ending_day", day(facts.ended_on))]
    if facts.agreement:
        rows.append(("ending_agreement", words(facts.agreement)))
    return [*rows, ("ending_owed", money(0, frame.currency))]


def _covered(accounts: Sequence[tuple[str, str]]) -> tuple[Block, ...]:
    """Name each account of a plan that covers several; a letter about a single one names it at its top."""
    if len(accounts) < 2:
        return ()
    rows = [(words(number), words(company)) for number, company in accounts]
    return (table("plan_accounts", ("column_account", "column_company"), rows),)


def _released(frame: Frame) -> tuple[Block, ...]:
    return (say("ending_released", creditor=words(frame.creditor.brand)),)


def _reported(frame: Frame, facts: EndingFacts) -> tuple[Block, ...]:
    if frame.place != "US" or frame.currency != "USD" or facts.waived < REPORTED_FROM_MINOR:
        return ()
    return (say("us_reported", amount=money(facts.waived, "USD")),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of a course: which, until when, whether it is confirmed, and what it takes off the plan."""

    kind: str
    due_by: date
    is_confirmed: bool
    worth: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MilestoneFacts:
    """A step that the training provider confirmed; `steps` are all of the course, `plan_left` what the plan leaves.

    `accounts` are all that the plan covers, each with its number and the company it is with.
    """

    kind: str
    course: str
    provider: str
    confirmed_on: date
    steps: Sequence[Step]
    plan_left: int
    accounts: Sequence[tuple[str, str]] = ()


def milestone(frame: Frame, facts: MilestoneFacts) -> dict[str, Any]:
    """Return the letter that a step is reached, with what it changed and what is still to be earned."""
    currency = frame.currency
    worth = sum(step.worth for step in facts.steps if step.kind == facts.kind)
    changed = [("milestone_off", money(worth, currency))] if worth else []
    rows = [
        (
            term(_step(step.kind)),
            day(step.due_by),
            money(step.worth, currency),
            term("step_done" if step.is_confirmed else "step_open"),
        )
        for step in facts.steps
    ]
    blocks: list[Block] = [
        say("milestone_done", step=term(_step(facts.kind)), day=day(facts.confirmed_on)),
        pairs(
            ("milestone_course", words(facts.course)),
            ("milestone_provider", words(facts.provider)),
            *changed,
            ("milestone_left", money(facts.plan_left, currency)),
        ),
        say("milestone_yours"),
        *_covered(facts.accounts),
    ]
    if rows:
        blocks += [
            head("milestone_steps"),
            table("milestone_table", ("column_step", "column_until", "column_off", "column_state"), rows),
        ]
    blocks += signature_lines(frame)
    return compose(frame, kind="milestone", title="milestone_title", blocks=blocks)


def _step(kind: str) -> str:
    return f"step_{kind}" if kind in STEPS else "step_other"

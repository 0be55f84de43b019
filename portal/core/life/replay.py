"""The whole life of a plan again, from its signature: what would have happened, act by act.

The job that runs plans uses the same steps one at a time, so what did happen can be laid beside it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from portal.core.errors import ReplayError
from portal.core.life import money
from portal.core.life.acts import Act, World, next_act, perform
from portal.core.life.options import move_row, split_row
from portal.core.life.state import Life

ACTS_MAX = 20_000


class Paid(NamedTuple):
    """Money came in and is placed on the oldest payments."""

    at: datetime
    amount: int


class GivenBack(NamedTuple):
    """Money went back: a refund, a chargeback, a returned debit; from the latest payments that were filled."""

    at: datetime
    amount: int


class MovedBy(NamedTuple):
    """The person moved a payment."""

    at: datetime
    number: int
    due_on: date


class SplitBy(NamedTuple):
    """The person split a payment over the next ones."""

    at: datetime
    number: int


Happening = Paid | GivenBack | MovedBy | SplitBy


class Replayed(NamedTuple):
    """The acts in their order, and the plan at the end."""

    acts: tuple[Act, ...]
    life: Life


def run(life: Life, world: World, *, until: datetime) -> Replayed:
    """Return everything that a plan does by itself up to a moment, that moment included.

    Raises `ReplayError` when it does not come to rest within `ACTS_MAX` acts.
    """
    acts: list[Act] = []
    while (act := next_act(life, world)) is not None and act.at <= until:
        life = perform(life, act, world)
        if act.kind == "lapsed":
            life, _ = money.lapse(life, world.terms)
        acts.append(act)
        if len(acts) > ACTS_MAX:
            raise ReplayError("a plan does not come to rest")
    return Replayed(tuple(acts), life)


def replay(life: Life, world: World, *, happenings: Sequence[Happening] = (), until: datetime) -> Replayed:
    """Return the acts of a plan and its state at a moment, from its birth and everything that happened to it.

    Money and the person's own moves take effect at their moment; acts of the same moment come before them.
    """
    acts: list[Act] = []
    for happening in sorted(happenings, key=lambda one: one.at):
        if happening.at > until:
            break
        before = run(life, world, until=happening.at)
        acts += before.acts
        life, more = _take(before.life, happening, world)
        acts += more
    after = run(life, world, until=until)
    return Replayed((*acts, *after.acts), after.life)


def _take(life: Life, happening: Happening, world: World) -> tuple[Life, list[Act]]:
    at = happening.at
    match happening:
        case Paid(amount=amount):
            had_missed = bool(life.missed)
            life = money.with_paid(life, money.parts_of(life, amount), at=at)
            life, turn = money.turn(life, world.terms, had_missed=had_missed, is_final=True)
            return life, _told(turn, at)
        case GivenBack(amount=amount):
            parts = _latest(life, amount)
            life = money.with_given_back(life, parts, at=at, zone=world.zone)
            life, has_ended = money.un_aged(life, world.terms)
            return life, [Act(at, "un_aged")] if has_ended else []
        case MovedBy(number=number, due_on=due_on):
            life, cured = _after_choice(life, move_row(replace(life, as_of=at), number, due_on, world), world)
            return life, _told(cured, at)
        case SplitBy(number=number):
            life, cured = _after_choice(life, split_row(replace(life, as_of=at), number, world)[0], world)
            return life, _told(cured, at)


def _after_choice(before: Life, after: Life, world: World) -> tuple[Life, money.Turn]:
    return money.turn(after, world.terms, had_missed=bool(before.missed), is_final=False)


def _latest(life: Life, amount: int) -> list[money.Part]:
    parts = []
    for row in reversed(life.rows):
        back = min(amount, row.paid)
        if back:
            parts.append((row.number, back))
            amount -= back
    return parts


def _told(turn: money.Turn, at: datetime) -> list[Act]:
    named = (
        ("cured", turn.is_cured),
        ("vested", turn.vested),
        ("re_aged", turn.is_re_aged),
        ("completed", turn.is_completed),
    )
    return [Act(at, kind) for kind, holds in named if holds]

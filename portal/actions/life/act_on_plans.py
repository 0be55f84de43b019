"""Signed plans act: whatever has come by the calendar happens, is told, and the person is reminded.

One pass takes a batch of plans in the order of their moments and is one transaction: an act, its event and its message
are there together or not at all. A pass that dies changed nothing; the next one goes on where the last one committed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from portal.actions.life.complete_agreement import complete_if_paid
from portal.actions.life.consequences import consequences
from portal.actions.life.remind import Wanted, remind
from portal.actions.life.telling import tell_act
from portal.core.actors import SYSTEM
from portal.core.life import money
from portal.core.life.acts import Act, next_act, perform
from portal.core.life.state import Life
from portal.store import accounts, agreements, debtors, event_batches, life_changes, lives, payments
from portal.store.life_changes import Change
from portal.store.lives import KeptLife
from portal.store.rows import known
from portal.store.work import Transaction, Work

BATCH = 250
ACTS_AT_ONCE_MAX = 500
"""Acts of one plan in one pass: more than ten years of them. What is left happens in the next pass."""
WITH_MESSAGE = frozenset({"upcoming", "reminder", "missed", "broken", "replanned"})


@dataclass(frozen=True, kw_only=True)
class Acted:
    """What a pass did: plans looked at, acts that happened, messages that wait to go out."""

    plans: int
    acts: int = 0
    messages: int = 0


class Step(NamedTuple):
    """One act of one plan, with the plan before and after it."""

    kept: KeptLife
    act: Act
    before: Life
    after: Life


def act_on_plans(work: Work, *, now: datetime, base_url: str, limit: int = BATCH) -> Acted:
    """Let up to `limit` plans act that are due, in the order of their moments; safe to run twice and in parallel.

    What somebody else works on at this moment is left for the next pass.
    """
    with work.begin() as tx:
        due = life_changes.list_due(tx, now=now, limit=limit)
        if not due and _adopt(tx, now=now):
            due = life_changes.list_due(tx, now=now, limit=limit)
        if not due:
            return Acted(plans=0)
        free = life_changes.lock_free(tx, agreement_ids=due)
        kept = lives.load_lives(tx, agreement_ids=free)
        steps = [step for one in kept for step in _steps(one, now)]
        _tell(tx, steps)
        _save(tx, kept, steps)
        for step in steps:
            consequences(tx, step.kept, step.act, step.before)
        for one in kept:
            _complete(tx, one, now=now)
        sent = remind(tx, _wanted(kept, steps), now=now, base_url=base_url)
    return Acted(plans=len(free), acts=len(steps), messages=sent)


def _adopt(tx: Transaction, *, now: datetime) -> int:
    """Let plans run that were signed without a life: before plans acted by themselves, or as a new version.

    Gives how many. It is asked for when nothing else is due, because it looks at every plan of the lender.
    """
    unborn = life_changes.list_unborn(tx, limit=BATCH)
    for agreement_id in unborn:
        agreement = known(agreements.find_agreement(tx, agreement_id=agreement_id))
        debtor = known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id))
        at = agreement.signed_at or now
        life_changes.begin_life(tx, agreement_id=agreement_id, time_zone=debtor.time_zone, at=at, next_at=now)
    return len(unborn)


def _steps(kept: KeptLife, now: datetime) -> list[Step]:
    life = kept.life
    steps: list[Step] = []
    while (act := next_act(life, kept.world)) is not None and act.at <= now and len(steps) < ACTS_AT_ONCE_MAX:
        after = perform(life, act, kept.world)
        steps.append(Step(kept, act, life, after))
        life = after
    return steps


def catch_up(tx: Transaction, kept: KeptLife, *, now: datetime) -> bool:
    """Bring one locked plan up to a moment before something else happens to it; True when it acted.

    What happens now may be what a reminder would have asked for, so nobody is reminded.
    """
    steps = _steps(kept, now)
    if not steps:
        return False
    _tell(tx, steps)
    _save(tx, [kept], steps)
    for step in steps:
        consequences(tx, kept, step.act, step.before)
    return True


def _tell(tx: Transaction, steps: Sequence[Step]) -> None:
    told = [
        event
        for step in sorted(steps, key=lambda one: (one.act.at, one.kept.agreement_id))
        for event in tell_act(step.kept, step.act, step.before, step.after)
    ]
    event_batches.append_many(tx, told, actor=SYSTEM)


def _save(tx: Transaction, kept: Sequence[KeptLife], steps: Sequence[Step]) -> None:
    last = {step.kept.agreement_id: step.after for step in steps}
    changes = []
    for one in kept:
        life = last.get(one.agreement_id, one.life)
        changes.append(Change(one, life, next_moment(tx, one, life)))
    life_changes.save_lives(tx, changes)


def next_moment(tx: Transaction, kept: KeptLife, life: Life) -> datetime | None:
    """Return when a plan acts next; when all is paid, that is when its money is final."""
    if kept.agreement_state == "active" and life.state == "active" and not life.left:
        return money.final_at(payments.list_settled_of(tx, agreement_id=kept.agreement_id))
    coming = next_act(life, kept.world)
    return coming.at if coming else None


def _complete(tx: Transaction, kept: KeptLife, *, now: datetime) -> None:
    """Complete a plan whose money became final; nothing is left to do by itself then."""
    if kept.agreement_state != "active" or kept.life.left:
        return
    account = known(accounts.find_account(tx, account_id=kept.accounts[0].account_id))
    agreement = known(agreements.find_agreement(tx, agreement_id=kept.agreement_id))
    complete_if_paid(tx, account, agreement, now=now)
    life_changes.rest(tx, agreement_id=kept.agreement_id)


def _wanted(kept: Sequence[KeptLife], steps: Sequence[Step]) -> list[Wanted]:
    """Say who is to be written to: once a plan, about the last thing that happened to it."""
    last = {step.kept.agreement_id: step.act for step in steps if step.act.kind in WITH_MESSAGE}
    return [
        Wanted(one.debtor_id, "plan_upcoming" if last[one.agreement_id].kind == "upcoming" else "plan_late")
        for one in kept
        if one.agreement_id in last
    ]

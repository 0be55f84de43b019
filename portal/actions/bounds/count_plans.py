"""What if these rules were in force: the lender's own open accounts, as far as the time allows."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from portal.actions.cases.desk import load_facts, parsed
from portal.core.bounds.lint import at_segment, lint
from portal.core.bounds.model import Bounds
from portal.core.bounds.resolve import PackLimits, resolve
from portal.core.negotiation.answer import handoff_cause
from portal.core.negotiation.context import subject_of
from portal.core.negotiation.facts import Facts
from portal.core.packs.limits import limits_of
from portal.core.packs.rules import pack_for
from portal.store import account_search, bounds, debtors
from portal.store.work import Transaction, Work

SAMPLE_MAX = 300
SECONDS_MAX = 6.0
OUTSIDE = ""


@dataclass(frozen=True, kw_only=True)
class SegmentCount:
    """One segment ('' for accounts that none covers): how many were looked at, how many get a plan, and before."""

    segment: str
    accounts: int
    with_plan: int
    with_plan_before: int | None


@dataclass(frozen=True, kw_only=True)
class PlanCount:
    """The whole count. `is_all` tells whether every account of the sample was reached before the time ran out.

    `causes` counts why the others would go to a person; `too_dear` names segments whose lowest installment is above
    what more than a fifth of the known budgets leave, with that share in basis points.
    """

    accounts: int
    with_plan: int
    with_plan_before: int | None
    is_all: bool
    seconds: float
    segments: tuple[SegmentCount, ...]
    causes: tuple[tuple[str, int], ...]
    too_dear: tuple[tuple[str, int], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the count as a JSON document, to be kept with the version."""
        return asdict(self)


def count_plans(
    work: Work,
    *,
    draft: Bounds,
    today: date,
    now: datetime,
    sample: int = SAMPLE_MAX,
    timer: Callable[[], float] = time.monotonic,
) -> PlanCount:
    """Count how many of the lender's own open accounts would be offered a plan by a draft, and by what is in force.

    The same engine answers as for a debtor. Nothing is written. At most `SAMPLE_MAX` accounts and `SECONDS_MAX`; they
    are taken in a mixed order, so that whatever was reached in the time is a fair sample.
    """
    started = timer()
    with work.read() as tx:
        active = bounds.find_active_bounds(tx, currency=draft.currency)
        found = list(_sample(tx, draft.currency, min(sample, SAMPLE_MAX), today=today, now=now))
    found.sort(key=_mixed)
    before = parsed(active) if active else None
    tally = _Tally(has_before=before is not None)
    reached = 0
    for facts, pack in found:
        if timer() - started > SECONDS_MAX:
            break
        tally.add(facts, pack, draft, before)
        reached += 1
    known = [facts.budget.surplus_minor for facts, _ in found[:reached] if facts.budget is not None]
    return tally.result(
        is_all=reached == len(found),
        seconds=round(timer() - started, 1),
        too_dear=_too_dear(draft, tuple(known)),
    )


def _too_dear(draft: Bounds, surpluses: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
    found = [one for one in lint(draft, surpluses=surpluses) if one.code == "INSTALLMENT_ABOVE_SURPLUS"]
    return tuple(
        (draft.segments[at_segment(one.path)].id, int(dict(one.params)["share_bp"])) for one in found
    )


def _mixed(pair: tuple[Facts, PackLimits]) -> str:
    """Give an order that has nothing to do with age or size, and is the same each time."""
    return sha256(pair[0].accounts[0].account_ref.encode()).hexdigest()


def _sample(
    tx: Transaction, currency: str, limit: int, *, today: date, now: datetime
) -> Iterable[tuple[Facts, PackLimits]]:
    for account in account_search.list_open_accounts(tx, currency=currency, limit=limit):
        debtor = debtors.find_debtor(tx, debtor_id=account.debtor_id)
        if debtor is not None:
            yield (
                load_facts(tx, account, debtor, today=today, now=now),
                limits_of(pack_for(debtor.country)),
            )


class _Tally:
    """Adds up one account after another."""

    def __init__(self, *, has_before: bool) -> None:
        self.has_before = has_before
        self.seen: Counter[str] = Counter()
        self.planned: Counter[str] = Counter()
        self.planned_before: Counter[str] = Counter()
        self.causes: Counter[str] = Counter()

    def add(self, facts: Facts, pack: PackLimits, draft: Bounds, before: Bounds | None) -> None:
        subject = subject_of(facts.accounts[0])
        rules = resolve(bounds=draft, subject=subject, pack=pack)
        segment = rules.id if rules else OUTSIDE
        self.seen[segment] += 1
        cause = _cause(facts, draft, pack)
        if cause:
            self.causes[cause] += 1
        else:
            self.planned[segment] += 1
        if before is None:
            return
        is_same = resolve(bounds=before, subject=subject, pack=pack) == rules
        if not (cause if is_same else _cause(facts, before, pack)):
            self.planned_before[segment] += 1

    def result(self, *, is_all: bool, seconds: float, too_dear: tuple[tuple[str, int], ...]) -> PlanCount:
        return PlanCount(
            accounts=self.seen.total(),
            with_plan=self.planned.total(),
            with_plan_before=self.planned_before.total() if self.has_before else None,
            is_all=is_all,
            seconds=seconds,
            segments=tuple(
                SegmentCount(
                    segment=name,
                    accounts=self.seen[name],
                    with_plan=self.planned[name],
                    with_plan_before=self.planned_before[name] if self.has_before else None,
                )
                for name in sorted(self.seen)
            ),
            causes=tuple(self.causes.most_common()),
            too_dear=too_dear,
        )


def _cause(facts: Facts, rules: Bounds, pack: PackLimits) -> str:
    """Give why an account would go to a person; '' when there are offers."""
    return handoff_cause(facts=facts, bounds=rules, pack=pack)

"""The same deal in another shape: what is left of a signed plan on other dates or in other amounts.

What was agreed about the debt stays: its rate, what is forgiven, what happens when a payment is missed. Only when and
how much is paid each time changes, inside the lender's bounds of today. Nothing is added but the interest that the
signed rate itself makes of a longer time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple, cast

from portal.core.calendar import (
    PERIODS_PER_YEAR,
    DateWindow,
    Frequency,
    first_due_on,
    from_monthly,
)
from portal.core.daycount import DayCount
from portal.core.life.terms import Rhythm, next_anchor
from portal.core.negotiation.context import Case, frame_of, window
from portal.core.negotiation.evaluate import least_payment
from portal.core.negotiation.explain import Reason
from portal.core.plans.build import build
from portal.core.plans.frame import Debt, Frame
from portal.core.plans.grammar import WHOLE, Milestone, Plan, Row, Terms, Waived, canonical_id

KINDS = ("calendar", "amount", "pause", "re_amortize", "re_age")
"""Other dates or another rhythm; another payment each time; no payments for some months; what is late spread over the
payments still to come, the end stays; what is late behind the last payment, and the days past due to 0 once it is kept.
"""
LATE_KINDS = frozenset({"re_amortize", "re_age"})
"""Changes for a plan that is behind. They can be undone as long as nothing was paid since."""
COUNT_MAX = 600
"""More payments than this have no dates in the calendar."""
SHAPES = ("installment", "restructure")
"""Plans of equal payments can be laid out anew; what was agreed as one sum or in parts cannot."""


class Open(NamedTuple):
    """One payment that is still to come, or that is late: its date, and what of principal and interest is left."""

    due_on: date
    principal: int
    interest: int

    @property
    def amount(self) -> int:
        """What is left of it."""
        return self.principal + self.interest


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A signed plan as it runs today; amounts in minor units.

    `opened` are the payments with something left, by date; `settled_on` is the last date whose interest is paid or
    due already; `balance` what the account owes, `vested` what of the reduction is forgiven for good, `paid` and
    `total` what was paid on the plan of all that it asked for; `milestones` those that are still to be reached.
    """

    plan: Plan
    rhythm: Rhythm
    opened: tuple[Open, ...]
    settled_on: date
    balance: int
    vested: int = 0
    paid: int = 0
    total: int = 0
    milestones: tuple[Milestone, ...] = ()

    @property
    def principal(self) -> int:
        """What is left of the debt in the plan."""
        return sum(row.principal for row in self.opened)

    @property
    def left(self) -> int:
        """All that is still to pay."""
        return sum(row.amount for row in self.opened)

    @property
    def late(self) -> int:
        """How many payments are behind: their date is there or past, and something is left."""
        return sum(1 for row in self.opened if row.due_on <= self.settled_on)

    @property
    def carried(self) -> int:
        """Interest that fell due and was not paid: it stays as it is and bears none."""
        return sum(row.interest for row in self.opened if row.due_on <= self.settled_on)

    @property
    def waived(self) -> Waived:
        """What is still to be forgiven at the end, component by component: fees were forgiven first."""
        parts, gone = self.plan.waived, self.vested
        fees = max(parts.fees - gone, 0)
        gone = max(gone - parts.fees, 0)
        interest = max(parts.interest - gone, 0)
        gone = max(gone - parts.interest, 0)
        return Waived(principal=max(parts.principal - gone, 0), interest=interest, fees=fees)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a person asks for: one of `KINDS`; what it does not name stays."""

    kind: str
    freq: Frequency | None = None
    due_day: int | None = None
    pay_minor: int | None = None
    months: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """There is no such change inside the bounds: why, and the nearest one, or None.

    `cause`: kind (this plan cannot be laid out anew), balance (what is owed is not what the plan says), bounds.
    """

    cause: str
    codes: tuple[Reason, ...] = ()
    nearest: Plan | None = None


class Layout(NamedTuple):
    """One way to lay out what is left: bare terms, and the frame that dates them."""

    terms: Terms
    frame: Frame


def can_reshape(running: Running) -> str:
    """Return why a plan cannot be laid out anew, '' where it can."""
    if running.plan.params.shape not in SHAPES or running.plan.params.accounts or not running.opened:
        return "kind"
    return "" if running.principal == running.balance - running.waived.total else "balance"


def layouts(running: Running, wish: Wish, case: Case) -> Iterator[Layout]:
    """Yield the layouts that meet a wish; for another payment the shortest first, whose payments are the largest.

    Nothing is yielded for a day of the month that the calendar of the bounds does not hold.
    """
    freq = wish.freq or running.rhythm.freq
    first_on, due_day = _first_date(running, wish, case, freq)
    if first_on is None:
        return
    frame = _frame(running, case, freq=freq, first_on=first_on, due_day=due_day)
    most = _count_max(case, running.plan.params.shape, freq)
    left = len(running.opened) - (running.late if wish.kind == "re_amortize" else 0)
    counts = range(1, most + 1) if wish.kind == "amount" else (_count(running, left, freq),)
    for count in counts:
        yield Layout(_terms(running, freq, count, frame), frame)


def present_layout(running: Running, case: Case) -> Layout:
    """Return the plan as it runs, as a layout: what a change is compared with."""
    freq = running.rhythm.freq
    start = max(case.facts.as_of, running.settled_on)
    first_on = next_anchor(running.rhythm, after=start)
    due_day = running.rhythm.due_day if freq in {"monthly", "semi_monthly"} else None
    frame = _frame(running, case, freq=freq, first_on=first_on, due_day=due_day)
    return Layout(_terms(running, freq, len(running.opened), frame), frame)


def laid_out(running: Running, layout: Layout, case: Case) -> Plan | None:
    """Return the plan of a layout: the signed deal with another schedule; None where the terms make none."""
    bare = build(layout.terms, layout.frame)
    if bare is None:
        return None
    rows = _with_carried(bare.schedule, running.carried)
    today = case.facts.as_of
    params = replace(
        running.plan.params,
        freq=layout.terms.freq,
        count=len(rows),
        first_in_days=(layout.frame.first_on - today).days,
        due_day=layout.frame.due_day or 0,
        down_bp=0,
        grace_months=0,
        grace_kind="",
        balloon_bp=0,
        step_bp=0,
        step_every=0,
    )
    total = sum(row.amount for row in rows)
    return replace(
        running.plan,
        id=canonical_id(params),
        params=params,
        schedule=rows,
        balance=running.balance,
        amount=running.principal,
        total=total,
        waived=running.waived,
        milestones=running.milestones,
        tranches=_tranches(running, total),
        made_on=today,
        resumes_on=None,
    )


def _first_date(running: Running, wish: Wish, case: Case, freq: Frequency) -> tuple[date | None, int | None]:
    """Return the anchor of the first payment and the day of the month that the rhythm keeps to, if any.

    A day of the month that was asked for lies inside the bounds' window, or there is none.
    """
    today = max(case.facts.as_of, running.settled_on)
    keeps_day = freq in {"monthly", "semi_monthly"}
    if wish.due_day is not None and keeps_day:
        earliest = max(window(case)[0], today + timedelta(days=1))
        span = DateWindow(earliest, max(earliest, window(case)[1]))
        return first_due_on(window=span, due_day=wish.due_day, rule=running.rhythm.rule), wish.due_day
    months = wish.months if wish.kind == "pause" else 0
    first_on = next_anchor(running.rhythm, after=today, months=months)
    if freq == running.rhythm.freq:
        return first_on, running.rhythm.due_day if keeps_day else None
    return first_on, first_on.day if keeps_day else None


def _count(running: Running, left: int, freq: Frequency) -> int:
    """Return how many payments of a rhythm take as long as so many in the plan's own; at least one."""
    before, after = PERIODS_PER_YEAR[running.rhythm.freq], PERIODS_PER_YEAR[freq]
    return max(-(-left * after // before), 1)


def _count_max(case: Case, shape: str, freq: Frequency) -> int:
    rules = case.rules.families.restructure if shape == "restructure" else case.rules.families.installment
    return max(min(rules.n_max, rules.months_max * PERIODS_PER_YEAR[freq] // 12, COUNT_MAX), 1)


def _frame(running: Running, case: Case, *, freq: Frequency, first_on: date, due_day: int | None) -> Frame:
    """Return what is left as one debt; interest runs from the last date that is settled."""
    shape, conventions = running.plan.params.shape, running.plan.conventions
    by_rules = frame_of(case, freq=freq)
    return replace(
        by_rules,
        debts=(
            Debt(account_ref=case.accounts[0].account_ref, principal=running.principal, interest=0, fees=0),
        ),
        as_of=running.settled_on,
        first_on=first_on,
        down_on=first_on,
        due_day=due_day,
        lattice=conventions.lattice,
        installment_min=least_payment(case, by_rules, shape),
        affordable=from_monthly(max(case.affordable, 0), freq),
        day_count=_day_count(conventions.day_count, by_rules),
        business_day=running.rhythm.rule,
        order="",
        left_out=(),
    )


def _day_count(signed: str, by_rules: Frame) -> DayCount:
    return by_rules.day_count if signed == "none" else cast("DayCount", signed)


def _terms(running: Running, freq: Frequency, count: int, frame: Frame) -> Terms:
    return Terms(
        family=running.plan.params.shape,
        freq=freq,
        count=count,
        first_in_days=max((frame.first_on - frame.as_of).days, 0),
        due_day=frame.due_day or 0,
        rate_ppm=running.plan.params.rate_ppm,
    )


def _with_carried(rows: tuple[Row, ...], carried: int) -> tuple[Row, ...]:
    """Add interest that was due already to the last payment."""
    if not carried:
        return rows
    last = rows[-1]
    split = tuple((ref, part + carried) for ref, part in last.account_split)
    grown = replace(last, amount=last.amount + carried, interest=last.interest + carried, account_split=split)
    return (*rows[:-1], grown)


def _tranches(running: Running, total: int) -> tuple[tuple[int, int], ...]:
    """Return the parts that are forgiven on the way and still to come, at the same sums paid as was signed."""
    ahead = [
        (share * running.total // WHOLE - running.paid, amount)
        for share, amount in running.plan.tranches
        if share * running.total > running.paid * WHOLE
    ]
    return tuple((min(WHOLE, -(-max(paid, 0) * WHOLE // total)), amount) for paid, amount in ahead)

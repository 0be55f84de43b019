"""A debtor goes on from the simulator with one plan: it becomes a firm offer that can be read and signed."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from portal.actions.cases.desk import Desk, NoDesk, ensure_case, lay_desk
from portal.actions.cases.keep_offers import keep_offers
from portal.core.actors import DEBTOR
from portal.core.calendar import Frequency
from portal.core.negotiation.context import open_case
from portal.core.negotiation.explain import Reason
from portal.core.negotiation.facts import Facts
from portal.core.negotiation.offers import as_offer
from portal.core.negotiation.simulate import (
    NO_OPTIONS,
    Dial,
    Options,
    Point,
    Refusal,
    dial,
    frontier,
    simulate,
)
from portal.core.plans.grammar import Plan
from portal.core.plans.skills import course_months_of
from portal.core.plans.telling import money_payload, plan_payload
from portal.store import accounts, events, form_tokens, offers
from portal.store.cases import Case
from portal.store.rows import known
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What stands on the dial: family, payment, rhythm, first date, options."""

    family: str
    payment_minor: int | None = None
    freq: Frequency | None = None
    first_on: date | None = None
    options: Options = NO_OPTIONS
    course: str = ""
    course_months: int = 0


@dataclass(frozen=True, kw_only=True)
class Trail:
    """How the debtor got here: how often the dial moved, and the lowest payment tried."""

    moves: int = 0
    lowest_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The plan is a firm offer now."""

    offer_ref: str


@dataclass(frozen=True, kw_only=True)
class NotChosen:
    """There is no such plan today: why, and the nearest one. `cause`: unknown, no_bounds, refused."""

    cause: str
    codes: tuple[Reason, ...] = ()
    nearest: Plan | None = None


def choose_plan(
    work: Work,
    *,
    account_id: UUID,
    debtor_id: UUID,
    wish: Wish,
    trail: Trail,
    form_token: str,
    today: date,
    now: datetime,
    or_nearest: bool = False,
) -> Chosen | NotChosen:
    """Make a firm offer of a simulated plan; the server computes it again, figures of the form count only as a wish.

    With `or_nearest` the nearest plan stands for a wish that is not open. A repeated form with the same token gives the
    first answer.
    """
    with work.begin() as tx:
        accounts.lock_account(tx, account_id=account_id)
        desk = lay_desk(tx, account_id=account_id, debtor_id=debtor_id, today=today, now=now)
        if isinstance(desk, NoDesk):
            return NotChosen(cause=desk.reason)
        first = form_tokens.first_answer(tx, token=form_token)
        if first is not None:
            return Chosen(offer_ref=known(offers.find_offer(tx, offer_ref=first)).offer_ref)
        plan = simulated(desk, wish)
        if isinstance(plan, Refusal) and or_nearest and plan.nearest is not None:
            plan = plan.nearest
        if isinstance(plan, Refusal):
            return NotChosen(cause="refused", codes=plan.codes, nearest=plan.nearest)
        case = ensure_case(tx, desk, now=now)
        _tell_simulated(tx, desk, case, plan=plan, trail=trail, now=now)
        ruled = known(open_case(facts=facts_of(desk, wish), bounds=desk.bounds, pack=desk.pack))
        offer = as_offer(plan, ruled, label="asked")
        (kept,) = keep_offers(tx, desk, case, [offer], actor=DEBTOR, now=now)
        form_tokens.use_token(tx, token=form_token, answer=kept.offer_ref, now=now)
    return Chosen(offer_ref=kept.offer_ref)


def wish_like(plan: Plan) -> Wish:
    """Return the wish that a plan answered, to make it with the figures of another day; its dates are free."""
    terms = plan.params
    return Wish(
        family=plan.family,
        payment_minor=plan.payment or None,
        freq=terms.freq,
        options=Options(
            down_minor=plan.down_payment,
            pause_days=terms.pause_days or NO_OPTIONS.pause_days,
            grace_months=terms.grace_months or None,
        ),
        course=terms.course,
        course_months=course_months_of(plan),
    )


def simulated(desk: Desk, wish: Wish) -> Plan | Refusal:
    """Ask the engine for the plan of a wish."""
    return simulate(
        facts=facts_of(desk, wish),
        bounds=desk.bounds,
        pack=desk.pack,
        family=wish.family,
        payment_minor=wish.payment_minor,
        freq=wish.freq,
        first_on=wish.first_on,
        options=wish.options,
    )


def dial_of(desk: Desk, wish: Wish) -> Dial | None:
    """Ask the engine for the range of payments of a wish's family; None where it has no plan today."""
    return dial(
        facts=facts_of(desk, wish),
        bounds=desk.bounds,
        pack=desk.pack,
        family=wish.family,
        freq=wish.freq,
        first_on=wish.first_on,
        options=wish.options,
    )


def frontier_of(desk: Desk, wish: Wish) -> tuple[Point, ...]:
    """Ask the engine for the points of a wish's dial: what each payment costs in all, and how long it runs."""
    return frontier(
        facts=facts_of(desk, wish),
        bounds=desk.bounds,
        pack=desk.pack,
        family=wish.family,
        freq=wish.freq,
        first_on=wish.first_on,
        options=wish.options,
    )


def facts_of(desk: Desk, wish: Wish) -> Facts:
    """Give the desk's facts with the course that a wish names."""
    if wish.family != "skills":
        return desk.facts
    return replace(desk.facts, wants_training=True, course=wish.course, course_months=wish.course_months)


def _tell_simulated(
    tx: Transaction, desk: Desk, case: Case, *, plan: Plan, trail: Trail, now: datetime
) -> None:
    payload: dict[str, object] = {"case": case.case_ref, "moves": trail.moves, "terms": plan_payload(plan)}
    if trail.lowest_minor is not None:
        payload["lowest_amount"] = money_payload(trail.lowest_minor, plan.currency)
    events.append_for_accounts(
        tx,
        accounts=[desk.account],
        type="plan.simulated",
        actor=DEBTOR,
        at=now,
        debtor_ref=desk.debtor.debtor_ref,
        payload=payload,
    )

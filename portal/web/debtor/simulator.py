"""What the simulator shows for what stands in its form: the plan, the dial, the words."""

from dataclasses import dataclass, field, replace
from datetime import date

from flask import render_template, request
from markupsafe import Markup

from portal.actions.cases.choose_plan import Wish, dial_of, frontier_of, simulated
from portal.actions.cases.desk import Desk
from portal.core.calendar import PERIODS_PER_YEAR, Frequency
from portal.core.money import Money
from portal.core.negotiation.simulate import KEPT, Dial, Options, Refusal
from portal.core.plans.grammar import Plan
from portal.core.typed import clean
from portal.store.enrollments import Course
from portal.web.debtor.curve import Curve, curve_of
from portal.web.debtor.dial import ShownDial
from portal.web.format import said
from portal.web.forms import read_amount, read_dial
from portal.web.language import current
from portal.web.language import gettext as _
from portal.web.plan_words import PlanWords, Step, milestone_steps, plan_words
from portal.web.reasons import reason_text
from portal.web.recent import Recent

KINDS = ("installment", "restructure", "skills")
GRACE_MAX = 12
_answers: Recent[tuple[Plan | Refusal, Dial | None]] = Recent(seconds=600, size=4096)
_words: Recent[PlanWords] = Recent(seconds=600, size=4096)
_drawn: Recent[Markup] = Recent(seconds=600, size=4096)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What stands in the simulator's form besides the dial."""

    kind: str = "installment"
    freq: Frequency = "monthly"
    first_on: date | None = None
    grace_months: int | None = None
    course: str = ""
    moves: int = 0
    lowest_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class Simulator:
    """All that the simulator shows."""

    desk: Desk
    choices: Choices
    plan: Plan | None
    words: PlanWords | None
    dial: ShownDial | None
    courses: list[Course] = field(default_factory=list)
    error: str = ""
    reasons: tuple[str, ...] = ()
    note: str = ""
    instead: Plan | None = None

    @property
    def instead_words(self) -> PlanWords | None:
        """What another kind of plan would ask, where this kind has none."""
        return words_of(self.instead) if self.instead else None

    @property
    def curve(self) -> Curve | None:
        """What each payment of this dial costs in all, where there is a choice."""
        points = frontier_of(self.desk, wish_of(self.choices, self.courses, None))
        return curve_of(points, self.desk.account.currency)

    @property
    def is_held(self) -> bool:
        """Whether something stops plans for the account altogether."""
        facts = self.desk.facts
        return "in_breathing_space" in facts.flags or any(account.holds for account in facts.accounts)

    @property
    def is_disputed(self) -> bool:
        """Whether the account is held because the debtor said that something is not right."""
        return any("dispute" in account.holds for account in self.desk.facts.accounts)

    @property
    def milestones(self) -> tuple[Step, ...]:
        return milestone_steps(self.plan) if self.plan else ()

    def drawn(self, fragment: str, moved: bool) -> Markup:  # noqa: FBT001 - a template's flag
        """Draw a fragment that shows nothing but the plan, once for each plan and language."""
        if self.plan is None:
            return Markup("")
        key = (fragment, moved, self.choices.kind, *_plan_key(self.plan))
        return _drawn.get(key) or _drawn.put(
            key,
            Markup(render_template(fragment, shown=self, moved=moved)),  # noqa: S704 - our escaped template
        )


def first_course(courses: list[Course]) -> str:
    return courses[0].course_ref if courses else ""


def read_simulator(desk: Desk, courses: list[Course], today: date) -> Simulator:
    choices = _choices(today, courses)
    currency = desk.account.currency
    _, limits = reckon(desk, wish_of(choices, courses, None))
    if limits is None:
        return simulator_of(desk, choices, courses, wished=None)
    last = read_amount(request.form.get("last", ""), currency) or Money(limits.lowest, currency)
    wished = read_dial(
        currency=currency,
        last=last,
        least=Money(limits.lowest, currency),
        most=Money(limits.highest, currency),
    )
    if wished is None:
        return _unreadable(desk, choices, courses, limits, last)
    lowest = min(wished.minor, choices.lowest_minor or wished.minor)
    moved = Choices(**{**vars(choices), "moves": choices.moves + 1, "lowest_minor": max(lowest, 0)})
    move = request.form.get("move", "")
    if move and not move.startswith("-"):
        # Plans do not lie on every step of the dial: plus goes on to the next one.
        above = next((one for one in limits.payments if one >= wished.minor), limits.highest)
        return simulator_of(desk, moved, courses, wished=Money(above, currency))
    return _between(simulator_of(desk, moved, courses, wished=wished), wished)


def _between(shown: Simulator, wished: Money) -> Simulator:
    """Say it where the wish lies between two plans and the lower one is shown."""
    if shown.reasons or shown.plan is None or shown.plan.payment == wished.minor:
        return shown
    words = _(
        "%(wished)s lies between two plans. This is the one below it.",
        wished=said(wished),
    )
    return Simulator(**{**vars(shown), "reasons": (words,)})


def _choices(today: date, courses: list[Course]) -> Choices:
    form = request.form
    freq = form.get("freq", "monthly")
    grace = form.get("grace", "")
    course = form.get("course", "")
    return Choices(
        kind=form.get("kind") if form.get("kind") in KINDS else "installment",
        freq=freq if freq in PERIODS_PER_YEAR else "monthly",
        first_on=_day(form.get("first", ""), today),
        grace_months=int(grace) if grace.isascii() and grace.isdigit() and int(grace) <= GRACE_MAX else None,
        course=course if course in {one.course_ref for one in courses} else first_course(courses),
        moves=_count(form.get("moves", "")),
        lowest_minor=_count(form.get("lowest", "")) or None,
    )


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _day(text: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day > today else None


def wish_of(choices: Choices, courses: list[Course], payment_minor: int | None) -> Wish:
    course = next((one for one in courses if one.course_ref == choices.course), None)
    return Wish(
        family=choices.kind,
        payment_minor=payment_minor,
        freq=choices.freq,
        first_on=choices.first_on,
        options=Options(grace_months=choices.grace_months if choices.kind == "restructure" else None),
        course=course.course_ref if course else "",
        course_months=int(course.details.get("months", 0)) if course else 0,
    )


def simulator_of(desk: Desk, choices: Choices, courses: list[Course], *, wished: Money | None) -> Simulator:
    wish = wish_of(choices, courses, wished.minor if wished else None)
    plan, limits = reckon(desk, wish)
    if isinstance(plan, Refusal):
        return Simulator(
            desk=desk,
            choices=choices,
            courses=courses,
            plan=plan.nearest,
            words=words_of(plan.nearest) if plan.nearest else None,
            dial=_dial(desk, choices, limits, wished) if limits else None,
            reasons=tuple(reason_text(code) for code in plan.codes),
            instead=plan.instead,
        )
    amount = Money(plan.payment, plan.currency)
    return Simulator(
        desk=desk,
        choices=choices,
        courses=courses,
        plan=plan,
        words=words_of(plan),
        dial=_dial(desk, choices, limits, amount) if limits else None,
        note=_cheaper(desk, wish, plan) if wish.family == KEPT else "",
    )


def _cheaper(desk: Desk, wish: Wish, plan: Plan) -> str:
    """Say it where changed terms cost less in all at no higher payment: who keeps the terms should know."""
    other, _limits = reckon(desk, replace(wish, family="", payment_minor=plan.payment))
    if isinstance(other, Refusal) or other.total >= plan.total:
        return ""
    saved = Money(plan.total - other.total, plan.currency)
    return _("With new terms you would pay %(amount)s less in all.", amount=said(saved))


def reckon(desk: Desk, wish: Wish) -> tuple[Plan | Refusal, Dial | None]:
    """Ask the engine once for a wish; it is pure, so what it said about equal facts is said again."""
    key = (desk.version.bounds_id, desk.facts, desk.pack.pack_id, wish)
    return _answers.get(key) or _answers.put(key, (simulated(desk, wish), dial_of(desk, wish)))


def words_of(plan: Plan) -> PlanWords:
    """Put a plan into words once for each language."""
    key = _plan_key(plan)
    return _words.get(key) or _words.put(key, plan_words(plan))


def _plan_key(plan: Plan) -> tuple[object, ...]:
    """Name a plan in a language: what its words and its picture depend on."""
    dates = (plan.made_on, plan.first_on, plan.last_on)
    return (current().tag, plan.id, *dates, plan.balance, plan.total, plan.waived, plan.currency)


def _unreadable(desk: Desk, choices: Choices, courses: list[Course], limits: Dial, last: Money) -> Simulator:
    shown = simulator_of(desk, choices, courses, wished=last)
    currency = desk.account.currency
    error = _(
        "Choose an amount from %(least)s to %(most)s, or ask for less.",
        least=said(Money(limits.lowest, currency)),
        most=said(Money(limits.highest, currency)),
    )
    typed = clean(request.form.get("amount", ""))[:40]
    dial = _dial(desk, choices, limits, last, typed=typed)
    return Simulator(**{**vars(shown), "dial": dial, "error": error})


def _dial(desk: Desk, choices: Choices, limits: Dial, amount: Money | None, *, typed: str = "") -> ShownDial:
    currency = desk.account.currency
    least, most = Money(limits.lowest, currency), Money(limits.highest, currency)
    return ShownDial(
        name="amount",
        amount=min(max(amount or least, least), most),
        least=least,
        most=most,
        step=Money(limits.step, currency),
        freq=choices.freq,
        typed=typed,
    )

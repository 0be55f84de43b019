"""A plan in the words of a debtor: one sentence, four figures, what it costs, what changes, its beads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from portal.core.money import Money
from portal.core.plans.cost import apr_of
from portal.core.plans.grammar import Milestone, Plan
from portal.web.beads import Bead, String, bead_rows
from portal.web.format import bdi, day_text, money_text, percent_text, said, times_text
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.language import ngettext
from portal.web.lines import ShownLine

_SENTENCES: Mapping[str, Any] = {
    "monthly": _l(
        "You pay %(each)s a month, %(times)s. You are done on %(day)s. In total you pay %(total)s."
    ),
    "weekly": _l("You pay %(each)s a week, %(times)s. You are done on %(day)s. In total you pay %(total)s."),
    "fortnightly": _l(
        "You pay %(each)s every 2 weeks, %(times)s. You are done on %(day)s. In total you pay %(total)s."
    ),
    "four_weekly": _l(
        "You pay %(each)s every 4 weeks, %(times)s. You are done on %(day)s. In total you pay %(total)s."
    ),
    "semi_monthly": _l(
        "You pay %(each)s twice a month, %(times)s. You are done on %(day)s. In total you pay %(total)s."
    ),
}
_FIRST = _l("First you pay %(first)s on %(day)s.")
_ONCE = _l("You pay %(total)s once, on %(day)s. Then you are done.")
_UP_TO = _l("Your payments start at %(low)s and are never more than %(each)s.")
_FALLING = _l("Your payments get smaller: %(each)s first, %(low)s at the end.")
_MOST = _l("up to %(amount)s")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedRow:
    """One payment in the list of dates."""

    due_on: date
    amount: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanWords:
    """All that a screen shows of a plan, ready."""

    sentence: Markup
    each: str
    times: str
    last_on: date
    total: Money
    costs: tuple[ShownLine, ...]
    difference: str
    rounding: str
    rate: str
    changes: tuple[str, ...]
    rows: tuple[DatedRow, ...]
    string: String


def plan_words(plan: Plan) -> PlanWords:
    """Put a plan with payments into words; a breathing space has none and is told by its own page."""
    rows = plan.schedule
    count = sum(1 for row in rows if row.number > 0) or len(rows)
    payment, total = Money(plan.payment, plan.currency), Money(plan.total, plan.currency)
    last_on = plan.last_on or rows[-1].due_on
    return PlanWords(
        sentence=_sentence(plan, count, last_on),
        each=str(_MOST) % {"amount": money_text(payment)} if is_uneven(plan) else money_text(payment),
        times=times_text(count),
        last_on=last_on,
        total=total,
        costs=_costs(plan),
        difference=_difference(plan),
        rounding=_rounding(plan),
        rate=_interest_label(plan) if plan.interest else "",
        changes=_changes(plan),
        rows=tuple(DatedRow(due_on=row.due_on, amount=Money(row.amount, plan.currency)) for row in rows),
        string=beads_of(plan),
    )


def is_uneven(plan: Plan) -> bool:
    """Tell whether the payments before the last one differ."""
    return len({row.amount for row in plan.schedule[:-1] if row.number}) > 1


def beads_of(plan: Plan) -> String:
    """Lay a plan's payments out as beads; the first one is next."""
    low = plan.payment
    return bead_rows(
        Bead(due_on=row.due_on, state="later" if at else "next", is_low=row.amount < low // 2 and at > 0)
        for at, row in enumerate(plan.schedule)
    )


def _strong(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(bdi(text))


def _sentence(plan: Plan, count: int, last_on: date) -> Markup:
    total = _strong(money_text(Money(plan.total, plan.currency)))
    if len(plan.schedule) == 1:
        return Markup(str(_ONCE)) % {"total": total, "day": _strong(day_text(last_on))}  # noqa: S704 - our text
    parts = []
    if plan.down_payment:
        first = {
            "first": _strong(money_text(Money(plan.down_payment, plan.currency))),
            "day": _strong(day_text(plan.schedule[0].due_on)),
        }
        parts.append(Markup(str(_FIRST)) % first)  # noqa: S704 - our text
    most = _strong(money_text(Money(plan.payment, plan.currency)))
    figures = {
        "each": Markup(str(_MOST)) % {"amount": most} if is_uneven(plan) else most,  # noqa: S704 - our text
        "times": _strong(times_text(count)),
        "day": _strong(day_text(last_on)),
        "total": total,
    }
    parts.append(Markup(str(_SENTENCES[plan.params.freq])) % figures)  # noqa: S704 - our text
    low = plan.schedule[1 if plan.down_payment else 0].amount
    if low < plan.payment and count > 1:
        lows = {"low": _strong(money_text(Money(low, plan.currency))), "each": most}
        parts.append(Markup(str(_UP_TO)) % lows)  # noqa: S704 - our text
    elif is_uneven(plan) and plan.params.method:
        last = {"low": _strong(money_text(Money(plan.schedule[-1].amount, plan.currency))), "each": most}
        parts.append(Markup(str(_FALLING)) % last)  # noqa: S704 - our text
    return Markup(" ").join(parts)


def _costs(plan: Plan) -> tuple[ShownLine, ...]:
    def line(label: str, minor: int, why: str = "") -> ShownLine:
        return ShownLine(label=label, amount=Money(minor, plan.currency), why=why)

    lines = [line(_("You owe today"), plan.balance)]
    taken = (
        (_("Fees taken off"), plan.waived.fees),
        (_("Interest taken off"), plan.waived.interest),
        (_("Taken off what you borrowed"), plan.waived.principal),
    )
    lines += [line(label, -minor) for label, minor in taken if minor]
    if plan.interest:
        lines.append(line(_interest_label(plan), plan.interest))
    return tuple(lines)


def _interest_label(plan: Plan) -> str:
    """Name the rate, and what it comes to with everything counted: flat interest costs about twice what it says."""
    rate, apr = percent_text(Decimal(plan.params.rate_ppm) / 1_000_000), apr_of(plan)
    if apr is None:
        return _("Interest in this plan, %(rate)s a year", rate=rate)
    if plan.params.method == "flat":
        return _(
            "Interest in this plan, %(rate)s a year on the whole sum (APR %(apr)s)",
            rate=rate,
            apr=percent_text(apr),
        )
    return _("Interest in this plan, %(rate)s a year (APR %(apr)s)", rate=rate, apr=percent_text(apr))


def _difference(plan: Plan) -> str:
    delta = plan.total - plan.balance
    amount = said(Money(abs(delta), plan.currency))
    if delta > 0:
        return _("That is %(amount)s more than paying all of it today.", amount=amount)
    if delta < 0:
        return _("That is %(amount)s less than you owe today.", amount=amount)
    return _("That is the same as paying all of it today. No interest, no fee.")


def _rounding(plan: Plan) -> str:
    falls = plan.params.method == "equal_principal"
    if len(plan.schedule) < 2 or plan.schedule[-1].amount == plan.payment or falls:
        return ""
    last = said(Money(plan.schedule[-1].amount, plan.currency))
    if plan.schedule[-1].amount > plan.payment:
        return _("The last payment is %(amount)s.", amount=last)
    return _("The last payment is %(amount)s, so that it adds up exactly.", amount=last)


def _changes(plan: Plan) -> tuple[str, ...]:
    """Say what a new agreement about the debt changes, one line each."""
    terms = plan.params
    lines = []
    if terms.grace_months and terms.grace_kind != "interest_only":
        lines.append(
            ngettext(
                "No payments for the first month",
                "No payments for the first %(num)s months",
                terms.grace_months,
            )
        )
    if terms.grace_months and terms.grace_kind == "interest_only":
        lines.append(
            ngettext(
                "Only interest for the first month",
                "Only interest for the first %(num)s months",
                terms.grace_months,
            )
        )
    for minor, words in (
        (plan.waived.fees, _l("%(amount)s of fees taken off")),
        (plan.waived.interest, _l("%(amount)s of interest taken off")),
        (plan.waived.principal, _l("%(amount)s taken off what you borrowed")),
    ):
        if minor:
            lines.append(str(words) % {"amount": said(Money(minor, plan.currency))})
    if not plan.interest:
        lines.append(_("No new interest from now on"))
    if plan.re_age_kept:
        lines.append(
            ngettext(
                "After %(num)s payment on time, nothing counts as late any more",
                "After %(num)s payments on time, one after the other, nothing counts as late any more",
                plan.re_age_kept,
            )
        )
    return tuple(lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One milestone as the path shows it."""

    title: str
    text: str
    gain: str
    state: str = "later"


def milestone_steps(plan: Plan) -> tuple[Step, ...]:
    """Put the milestones of a plan with training into words, the rewards of one step together."""
    by_kind: dict[str, list[Milestone]] = {}
    for one in plan.milestones:
        by_kind.setdefault(one.kind, []).append(one)
    return tuple(
        Step(
            title=milestone_title(kind),
            text=_("By %(day)s", day=day_text(steps[0].due_by)),
            gain=" ".join(filter(None, (_gain(step, plan.currency) for step in steps))),
        )
        for kind, steps in by_kind.items()
    )


def title_of(plan: Plan) -> str:
    """Name a plan by its family in everyday words, and with a course by what it goes with."""
    if plan.family == "skills" and plan.params.inner == "restructure":
        return _("New terms, with a course")
    if plan.family == "skills" and plan.params.inner == "index":
        return _("A plan that follows your income, with a course")
    return family_title(plan.family)


def family_title(family: str) -> str:
    """Name a family of plans in everyday words."""
    return {
        "full": _("Pay all of it"),
        "installment": _("Spread it out"),
        "lump": _("Pay a smaller sum at once"),
        "parts": _("Pay a smaller sum in parts"),
        "restructure": _("New terms"),
        "consolidation": _("One plan for all accounts"),
        "skills": _("Spread it out, with a course"),
        "index": _("A plan that follows your income"),
        "breathing_space": _("A pause"),
    }[family]


def milestone_title(kind: str) -> str:
    """Name a step of a course."""
    return {
        "enrolled": _("You start the course"),
        "attended": _("You take part"),
        "certified": _("You finish with a certificate"),
        "placed": _("You find work"),
        "retained_90d": _("You keep the work for 90 days"),
    }[kind]


def _gain(step: Milestone, currency: str) -> str:
    if step.worth:
        return _("You pay %(amount)s less.", amount=said(Money(step.worth, currency)))
    if step.reward == "step_up":
        return _("You may pay faster then. You can say no.")
    return ""

"""Why an ask is answered as it is: a sentence for each public reason code of the engine."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from portal.core.money import Money
from portal.core.negotiation.explain import Reason
from portal.web.format import day_text, frequency_text, list_text, number_text, said
from portal.web.language import gettext as _
from portal.web.language import ngettext

Params = Mapping[str, Any]


def reason_text(reason: Reason | Mapping[str, Any]) -> str:
    """Say a reason in words; takes the engine's value or the record that an ask keeps of it."""
    if isinstance(reason, Reason):
        return _SAID[reason.code](dict(reason.params))
    return _SAID[reason["code"]]({name: _read(value) for name, value in reason["params"].items()})


def _read(value: Any) -> Any:
    if isinstance(value, Mapping) and "minor" in value:
        return Money(value["minor"], value["currency"])
    if isinstance(value, Mapping) and "date" in value:
        return date.fromisoformat(value["date"])
    return value


def _term_max(params: Params) -> str:
    months = ngettext("%(num)s month", "%(num)s months", int(params.get("months") or 0))
    if params.get("pay") and params.get("need"):
        return _(
            "The longest plan for this account is %(months)s. With %(pay)s each time it would take %(count)s payments.",
            months=months,
            pay=said(params["pay"]),
            count=number_text(int(params["need"])),
        )
    return _("The longest plan for this account is %(months)s.", months=months)


def _waiver_family(params: Params) -> str:
    count = int(params.get("payments") or 1)
    return ngettext(
        "A reduction is possible when you pay all of the rest in one payment.",
        "A reduction is possible with one payment or up to %(num)s payments.",
        count,
    )


def _pause_max(params: Params) -> str:
    days = int(params.get("days") or 0)
    if not days:
        return _("You have used your pause for this year. A person can look for another way.")
    return ngettext("A pause can be up to %(num)s day.", "A pause can be up to %(num)s days.", days)


def _re_age(params: Params) -> str:
    months = ngettext("%(num)s month", "%(num)s months", int(params.get("months") or 0))
    age = ngettext("%(num)s month", "%(num)s months", int(params.get("age") or 0))
    return ngettext(
        "What is late can be put behind you %(num)s time in %(months)s, for an account that is %(age)s old.",
        "What is late can be put behind you %(num)s times in %(months)s, for an account that is %(age)s old.",
        int(params.get("times") or 0),
        months=months,
        age=age,
    )


def _freq(params: Params) -> str:
    words = list_text([frequency_text(word) for word in str(params.get("freqs", "")).split(",") if word])
    return _("You can pay in these rhythms: %(rhythms)s.", rhythms=words)


def _amount(text: Callable[[str], str], name: str) -> Callable[[Params], str]:
    return lambda params: text(said(params[name])) if params.get(name) else text("")


def _fixed(text: Callable[[], str]) -> Callable[[Params], str]:
    return lambda _params: text()


_SAID: Mapping[str, Callable[[Params], str]] = {
    "TERM_MAX": _term_max,
    "INSTALLMENT_MIN": _amount(lambda amount: _("Payments start at %(amount)s.", amount=amount), "min"),
    "INSTALLMENT_MAX": _amount(lambda amount: _("Payments go up to %(amount)s.", amount=amount), "max"),
    "DOWN_PAYMENT_MIN": _amount(lambda amount: _("This plan needs %(amount)s first.", amount=amount), "min"),
    "DOWN_PAYMENT_MAX": _amount(
        lambda amount: _("The first sum can be up to %(amount)s.", amount=amount), "max"
    ),
    "WAIVER_FAMILY": _waiver_family,
    "DATE_LATE": lambda p: _("The first payment can be up to %(day)s.", day=day_text(p["date"])),
    "DATE_EARLY": lambda p: _("The first payment can be from %(day)s on.", day=day_text(p["date"])),
    "FREQ": _freq,
    "FAMILY": _fixed(lambda: _("This kind of plan is not open for this account.")),
    "RATE": _fixed(lambda: _("The interest in this plan cannot be lower.")),
    "PARTS_COUNT": lambda p: _(
        "Paying a smaller sum in parts works with %(least)s to %(most)s payments.",
        least=p.get("min"),
        most=p.get("max"),
    ),
    "GRACE_MAX": lambda p: ngettext(
        "A pause at the start can be up to %(num)s month.",
        "A pause at the start can be up to %(num)s months.",
        int(p.get("months") or 0),
    ),
    "BALLOON": _fixed(lambda: _("The last payment cannot be larger than this.")),
    "STEP": _fixed(lambda: _("The payments cannot rise faster than this.")),
    "RE_AGE": _re_age,
    "NOT_LATE": _fixed(lambda: _("Nothing of this plan is late, so there is nothing to put elsewhere.")),
    "THETA": _fixed(lambda: _("This plan follows your income and cannot go lower.")),
    "PAUSE_MAX": _pause_max,
    "ACCOUNTS_MAX": lambda p: _("At most %(most)s accounts fit in one plan.", most=p.get("max")),
    "ACTIVE_PLANS": _fixed(lambda: _("You have a plan for this account already.")),
    "OTHER_KIND": _fixed(lambda: _("Another kind of plan costs you less than this one would.")),
    "COMBINATION": _fixed(lambda: _("Each part is possible, but not all of them together.")),
    "ABOVE_BUDGET": _fixed(lambda: _("This is more than your budget leaves. We can do less.")),
    "NEED_BUDGET": lambda p: _(
        "With your budget we may be able to go lower. It takes about %(minutes)s minutes.",
        minutes=p.get("minutes"),
    ),
    "STATUTE": lambda p: _(
        "The law pauses this account until %(day)s. You need not do anything.", day=day_text(p["date"])
    ),
    "NOTHING_LEFT": _fixed(
        lambda: _(
            "What your budget leaves is too little for a plan of this kind. That is all right: there are other ways."
        )
    ),
    "DISPUTE": _fixed(
        lambda: _(
            "You told us that something is not right with this account. Until you have an answer, we make no plan for "
            "it, and nothing is asked of you."
        )
    ),
    "COMPLAINT": _fixed(
        lambda: _(
            "Your complaint about this account is open. Until you have an answer, we make no plan for it."
        )
    ),
    "HELD": _fixed(
        lambda: _("This account is on hold, so we make no plan for it now. You need not do anything.")
    ),
    "PAUSED": _fixed(
        lambda: _("This account is paused, so there is no plan to choose now. You need not do anything.")
    ),
    "PERSON": lambda p: _(
        "You can also ask a person to look at this. You get an answer within %(hours)s hours.",
        hours=p.get("hours"),
    ),
    "LEFT_OUT": lambda p: ngettext(
        "%(num)s account is not part of this plan.",
        "%(num)s accounts are not part of this plan.",
        int(p.get("count") or 0),
    ),
    "EVIDENCE_HELPED": _fixed(lambda: _("With your budget we can go lower.")),
    "FIRM": lambda p: _("This offer stands until %(day)s.", day=day_text(p["date"])),
}
KNOWN_CODES = frozenset(_SAID)

"""When no plan is offered: the law's way instead, or a person."""

from portal.core.negotiation.context import Case
from portal.core.negotiation.explain import Reason, reason
from portal.core.negotiation.facts import AccountFacts, Facts

# In the order in which a cause is named where several hold.
CAUSES = (
    "not_verified",
    "deceased",
    "bankruptcy",
    "statutory_freeze",
    "statute_barred",
    "dispute",
    "complaint",
    "recalled",
    "in_breathing_space",
    "nothing_owed",
    "no_segment",
    "active_plan",
    "vulnerable",
    "wants_person",
    "negative_budget",
    "nothing_fits",
    "asks_used",
    "renegotiations_used",
)


# What a debtor is told of a hold; the others are told as HELD.
HOLD_CODES = {"dispute": "DISPUTE", "complaint": "COMPLAINT"}


def closed_because(facts: Facts, case: Case | None) -> tuple[str, tuple[Reason, ...]]:
    """Return why nothing may be offered, '' where something may, with the reasons to show."""
    for flag in ("not_verified", "in_breathing_space"):
        if flag in facts.flags:
            return flag, ((reason("PAUSED"),) if flag == "in_breathing_space" else ())
    if case is not None:
        active = facts.history.active_plans >= case.rules.common.max_active_plans
        return (
            ("active_plan", (reason("ACTIVE_PLANS", max=case.rules.common.max_active_plans),))
            if active
            else ("", ())
        )
    held = sorted({hold for account in facts.accounts for hold in account.holds}, key=CAUSES.index)
    if held:
        told = HOLD_CODES.get(held[0])
        return held[0], (reason(told),) if told else _until(facts) or (reason("HELD"),)
    return ("no_segment" if facts.balance_minor else "nothing_owed"), ()


def _until(facts: Facts) -> tuple[Reason, ...]:
    days = [
        account.hold_until
        for account in facts.accounts
        if account.hold_until is not None and _by_law(account)
    ]
    return (reason("STATUTE", date=max(days)),) if days else ()


def _by_law(account: AccountFacts) -> bool:
    return bool({"statutory_freeze", "bankruptcy", "statute_barred"} & set(account.holds))


def person_needed(case: Case) -> str:
    """Return why a person must answer this case although plans exist, or ''."""
    for flag in ("wants_person", "vulnerable"):
        if flag in case.facts.flags:
            return flag
    breaks = case.rules.breaks
    if case.facts.history.renegotiated > breaks.renegotiations_max:
        return "renegotiations_used"
    return ""

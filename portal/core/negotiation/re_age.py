"""When days past due may go back to 0: a re-age, and what a plan promises of it.

US supervisors allow it where the person shows the will and the means to pay (some payments kept in a row), the account
is not young, and it does not happen often (FFIEC, Uniform Retail Credit Classification and Account Management Policy,
65 FR 36903, 12 June 2000, open-end credit). Money is not touched: what is owed stays owed.
"""

from portal.core.bounds.families import ReAge
from portal.core.calendar import add_months
from portal.core.negotiation.context import Case
from portal.core.negotiation.explain import Reason, reason
from portal.core.negotiation.facts import AccountFacts, Facts
from portal.core.plans.grammar import Terms

SHAPES = ("restructure",)
"""New terms for the debt; a plan on the old terms is caught up by paying what is late."""


def re_age_kept(terms: Terms, case: Case) -> int:
    """Return after how many payments kept in a row a plan counts the account as up to date; 0 where it does not.

    Only a restructuring does, and only where something is past due and the bounds allow it today on every account.
    """
    rule = case.rules.families.restructure
    if terms.shape not in SHAPES or not rule.on or terms.count < rule.re_age.kept:
        return 0
    late = any(account.days_past_due for account in case.accounts)
    return rule.re_age.kept if late and is_open(case) else 0


def is_open(case: Case) -> bool:
    """Tell whether the bounds allow a re-age of every account of the case on the day of its facts."""
    rule = case.rules.families.restructure
    return rule.on and all(_is_allowed(rule.re_age, account, case.facts) for account in case.accounts)


def why_not(case: Case) -> Reason:
    """Return the public reason why a re-age is not open: the rule in figures, or that the family is not open at all."""
    rule = case.rules.families.restructure
    if not rule.on or not rule.re_age.max:
        return reason("FAMILY", family="restructure")
    limits = rule.re_age
    return reason("RE_AGE", times=limits.max, months=limits.per_months, age=limits.age_months_min)


def _is_allowed(rule: ReAge, account: AccountFacts, facts: Facts) -> bool:
    """Walk the limits of one account; its age is counted in whole months of its days."""
    today = facts.as_of
    recent = [day for day in account.re_aged_on if day > add_months(today, -rule.per_months)]
    long_ago = [day for day in account.re_aged_on if day > add_months(today, -rule.long_months)]
    is_old = account.debt_age_days * 12 >= rule.age_months_min * 365
    return is_old and len(recent) < rule.max and len(long_ago) < rule.long_max

"""Why an ask cannot be met: the public bounds it breaks alone, one by one; else COMBINATION, and no figure."""

from collections.abc import Callable
from datetime import timedelta

from portal.core.calendar import PERIODS_PER_YEAR, Frequency, from_monthly
from portal.core.money import Money
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.context import Case, window
from portal.core.negotiation.explain import BUDGET_MINUTES, Reason, reason
from portal.core.negotiation.policy import PolicySet
from portal.core.plans.frame import Frame

Check = Callable[[Case, Frame, Ask], Reason | None]


def reasons_for(case: Case, policy: PolicySet, ask: Ask) -> tuple[Reason, ...]:
    """Return the public bounds the ask breaks by itself; none: COMBINATION, and NEED_BUDGET where none was given."""
    found = [code for check in CHECKS if (code := check(case, policy.frame, ask)) is not None]
    if not found:
        found.append(reason("COMBINATION"))
        if not case.has_budget:
            found.append(reason("NEED_BUDGET", minutes=BUDGET_MINUTES))
    return tuple(found)


def _family(case: Case, frame: Frame, ask: Ask) -> Reason | None:
    del frame
    if not ask.family:
        return None
    if ask.family == "consolidation" and len(case.accounts) < 2:
        return reason("FAMILY", family=ask.family)
    return None if getattr(case.rules.families, ask.family).on else reason("FAMILY", family=ask.family)


def _rhythm(case: Case, frame: Frame, ask: Ask) -> Reason | None:
    del frame
    known = case.rules.common.freq
    return None if ask.freq is None or ask.freq in known else reason("FREQ", freqs=",".join(known))


def _late(case: Case, frame: Frame, ask: Ask) -> Reason | None:
    del frame
    latest = window(case)[1]
    return reason("DATE_LATE", date=latest) if ask.first_on is not None and ask.first_on > latest else None


def _early(case: Case, frame: Frame, ask: Ask) -> Reason | None:
    del frame
    earliest = window(case)[0]
    too_soon = ask.first_on is not None and ask.first_on < earliest - timedelta(days=0)
    return reason("DATE_EARLY", date=earliest) if too_soon else None


def _smallest(case: Case, frame: Frame, ask: Ask) -> Reason | None:
    rule = case.rules.families.installment
    least = from_monthly(rule.installment_min, frame.freq)
    if ask.pay_minor is None or ask.pay_minor >= least or not rule.on:
        return None
    return reason("INSTALLMENT_MIN", min=Money(-(-least // frame.lattice) * frame.lattice, frame.currency))


def longest(case: Case, freq: Frequency) -> tuple[int, int]:
    """Return the longest plan of the public families: months and number of payments in this rhythm."""
    per_year = PERIODS_PER_YEAR[freq]
    families = case.rules.families
    options = [(0, 0)]
    if families.installment.on:
        rule = families.installment
        options.append((rule.months_max, min(rule.n_max, rule.months_max * per_year // 12)))
    if families.restructure.on:
        n_max = families.restructure.n_max
        months = families.restructure.months_max
        options.append((months, min(n_max, months * per_year // 12)))
    return max(options, key=lambda pair: (pair[1], pair[0]))


def _term(case: Case, frame: Frame, ask: Ask) -> Reason | None:
    """Say how many months a payment would need, without any waiver, where that is beyond the longest plan."""
    months, payments = longest(case, frame.freq)
    if ask.pay_minor is None or ask.pay_minor == 0 or months == 0:
        return None
    waived = case.rules.families.restructure
    if waived.on and waived.waive_principal_max and ask.waiver_bp is None and ask.total_minor is None:
        rest = frame.balance - frame.balance * waived.waive_principal_max // 10_000
    else:
        rest = frame.balance
    rest -= ask.down_minor or 0
    need = -(-rest // ask.pay_minor)
    if need <= payments:
        return None
    return reason(
        "TERM_MAX", months=months, payments=payments, pay=Money(ask.pay_minor, frame.currency), need=need
    )


def _down(case: Case, frame: Frame, ask: Ask) -> Reason | None:
    rule = case.rules.families.installment
    least = frame.balance * rule.down_payment_min // 10_000
    if ask.down_minor is None or ask.down_minor >= least or ask.family not in {"", "installment"}:
        return None
    return reason("DOWN_PAYMENT_MIN", min=Money(least, frame.currency))


def _waiver(case: Case, frame: Frame, ask: Ask) -> Reason | None:
    """Name the families that may reduce the debt where the ask wants more than a long plan may give."""
    families = case.rules.families
    asked = ask.waiver_bp or 0
    if ask.total_minor is not None:
        asked = max(asked, 10_000 - ask.total_minor * 10_000 // frame.balance)
    rule = families.restructure
    most = 0
    if rule.on:
        sums = (
            frame.principal * rule.waive_principal_max
            + frame.interest * rule.waive_interest_max
            + frame.fees * rule.waive_fees_max
        )
        most = sums // frame.balance
    if asked <= most or ask.family in {"lump", "parts", "full"} or not families.lump.on:
        return None
    return reason("WAIVER_FAMILY", payments=families.parts.k[1] if families.parts.on else 1)


CHECKS: tuple[Check, ...] = (_family, _rhythm, _late, _early, _smallest, _term, _down, _waiver)

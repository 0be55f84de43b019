"""Lint that needs the engine: segments for which made-up but typical debtors would find nothing."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from portal.core.bounds.lint import Finding, lint
from portal.core.bounds.model import Bounds, Segment
from portal.core.bounds.resolve import NO_PACK, PackLimits, resolve
from portal.core.negotiation.context import open_case, subject_of
from portal.core.negotiation.facts import AccountFacts, Budget, Facts
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.policy import policy_set

PROBE_DAY = date(2026, 1, 5)
# A month leaves this share of the balance (basis points), and at least so many smallest installments.
SURPLUSES = ((150, 1), (300, 2), (600, 4))  # tight, usual, easy
_ROUGH = (100, 1_000, 10_000)  # multiples of the smallest installment: small, usual, large


def probes(segment: Segment, currency: str) -> tuple[AccountFacts, ...]:
    """Return typical accounts of a segment: three sizes inside its balances, at its first and last common age."""
    low, high = segment.when.balance
    unit = max(segment.families.installment.installment_min, segment.common.lattice.installment, 1)
    sizes = sorted({min(max(unit * factor // 10, low), high) for factor in _ROUGH})
    first, last = segment.when.dpd
    ages = sorted({first, min(last, first + 180)})
    return tuple(
        AccountFacts(
            account_ref="probe",
            currency=currency,
            principal_minor=max(1, size),
            product=(segment.when.product or ("loan",))[0],
            apr=Decimal("0.12"),
            days_past_due=age,
            risk_grade=(segment.when.risk or ("",))[0],
            is_secured=bool(segment.when.secured),
            law_stage=(segment.when.stage_of_law or ("pre",))[0],
            jurisdiction=(segment.when.jurisdiction or ("",))[0],
            debt_age_days=segment.when.debt_age[0],
        )
        for size in sizes
        for age in ages
    )


def full_lint(bounds: Bounds, *, pack: PackLimits = NO_PACK) -> tuple[Finding, ...]:
    """Return all that is unwise in a version: what its fields tell (`bounds.lint`), and what the engine would find.

    A segment with an error of its own is not tried on the engine.
    """
    read = lint(bounds, pack=pack)
    wrong = {finding.path.partition("]")[0] for finding in read if finding.severity == "error"}
    tried = engine_lint(bounds, pack=pack)
    return (*read, *(one for one in tried if one.path.partition("]")[0] not in wrong))


@lru_cache(maxsize=16)
def engine_lint(bounds: Bounds, *, pack: PackLimits = NO_PACK, model: Model = PRIOR) -> tuple[Finding, ...]:
    """Return the segments in which typical accounts would find nothing.

    Errors: EMPTY_POLICY_SET, no plan at all is agreed; FLOOR_ABOVE_BEST, the value floor is above every plan's value. A
    warning: NOTHING_FITS, no usual budget finds a plan (single payments alone may suit who has cash).
    """
    found: list[Finding] = []
    for i, segment in enumerate(bounds.segments):
        mine = [p for p in probes(segment, bounds.currency) if _rules_id(bounds, p, pack) == segment.id]
        codes = {code for probe in mine for code in _findings(bounds, probe, pack, model)}
        found += [_finding(code, f"$.segments[{i}]") for code in sorted(codes)]
    return tuple(found)


def _finding(code: str, path: str) -> Finding:
    return Finding(severity="warning" if code == "NOTHING_FITS" else "error", code=code, path=path)


def _rules_id(bounds: Bounds, probe: AccountFacts, pack: PackLimits) -> str:
    rules = resolve(bounds=bounds, subject=subject_of(probe), pack=pack)
    return rules.id if rules else ""


def _findings(bounds: Bounds, probe: AccountFacts, pack: PackLimits, model: Model) -> set[str]:
    fitting = 0
    rules = resolve(bounds=bounds, subject=subject_of(probe), pack=pack)
    least = rules.families.installment.installment_min if rules else 1
    for share, times in SURPLUSES:
        budget = Budget(income_minor=max(probe.balance_minor * share // 10_000, least * times))
        facts = Facts(as_of=PROBE_DAY, accounts=(probe,), evidence="documents", budget=budget)
        case = open_case(facts=facts, bounds=bounds, pack=pack)
        if case is None:
            return set()
        policy = policy_set(case, facts.freq, None, model)
        if not len(policy.plans):
            above = len(policy.sound) and policy.board.peak(policy.sound, "value") < policy.threshold
            return {"FLOOR_ABOVE_BEST"} if above else {"EMPTY_POLICY_SET"}
        fitting += len(policy.band)
    return set() if fitting else {"NOTHING_FITS"}

"""What one case is decided with: the rules that hold for it, what it can afford, its stage, its frame."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from portal.core.bounds.conditions import stage_of
from portal.core.bounds.model import Bounds, Segment
from portal.core.bounds.resolve import NO_PACK, PackLimits, Subject, intersect, resolve
from portal.core.calendar import DateWindow, Frequency, first_due_on, from_monthly, roll
from portal.core.negotiation.facts import AccountFacts, Facts
from portal.core.plans.frame import Debt, Frame

_MILLION = 1_000_000
WAIT_DAYS: dict[Frequency, int] = {
    "weekly": 7,
    "fortnightly": 14,
    "four_weekly": 28,
    "semi_monthly": 15,
    "monthly": 30,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A case with its rules: everything that the policy set depends on, and the holidays for its dates.

    `affordable` and `cash` are minor units, a month and at once; `has_budget` tells a stated budget from the
    segment's prior; `stage` counts from 0 to `stages` - 1.
    """

    facts: Facts
    rules: Segment
    accounts: tuple[AccountFacts, ...]
    left_out: tuple[str, ...]
    version: int
    bounds_id: str
    affordable: int
    cash: int
    has_budget: bool
    stage: int
    pack: PackLimits
    holidays: frozenset[date]

    def __hash__(self) -> int:
        """Hash what tells cases apart; the rules are large, belong to their version, and count in equality."""
        return hash((self.facts, self.bounds_id, self.version, self.stage, self.affordable, self.cash))

    @property
    def stages(self) -> int:
        """How many stages the rules have."""
        return len(self.rules.policy.stage_by)

    @property
    def balance(self) -> int:
        """What the accounts in the plan owe together."""
        return sum(account.balance_minor for account in self.accounts)

    @property
    def days_past_due(self) -> int:
        """The youngest account's days past due: the strictest step of a ladder holds for all."""
        return min(account.days_past_due for account in self.accounts)


def subject_of(account: AccountFacts) -> Subject:
    """Return what the rules may ask of an account."""
    return Subject(
        product=account.product,
        balance=account.balance_minor,
        debt_age=account.debt_age_days,
        dpd=account.days_past_due,
        risk=account.risk_grade,
        secured=account.is_secured,
        stage_of_law=account.law_stage,
        jurisdiction=account.jurisdiction,
    )


def negotiable(facts: Facts) -> tuple[AccountFacts, ...]:
    """Return the accounts without a hold and with something owed, in the order of their references."""
    free = [account for account in facts.accounts if not account.holds and account.balance_minor > 0]
    return tuple(sorted(free, key=lambda account: account.account_ref))


def open_case(
    *, facts: Facts, bounds: Bounds, pack: PackLimits = NO_PACK, holidays: frozenset[date] = frozenset()
) -> Case | None:
    """Return the case with its rules, or None where no account of it may be negotiated.

    Several accounts are taken together where every one's rules allow a consolidation; otherwise the one that is
    longest past due is negotiated, and the others are named as left out.
    """
    ruled = [(a, resolve(bounds=bounds, subject=subject_of(a), pack=pack)) for a in negotiable(facts)]
    known = [(account, rules) for account, rules in ruled if rules is not None]
    if not known:
        return None
    rules, accounts = _together(known)
    inside = {account.account_ref for account in accounts}
    affordable, cash = _afford(facts, rules, sum(a.balance_minor for a in accounts), pack)
    return Case(
        facts=facts,
        rules=rules,
        accounts=accounts,
        left_out=tuple(a.account_ref for a in facts.accounts if a.account_ref not in inside),
        version=bounds.version,
        bounds_id=bounds.bounds_id,
        affordable=affordable,
        cash=cash,
        has_budget=facts.budget is not None,
        stage=_stage(facts, rules, accounts),
        pack=pack,
        holidays=holidays,
    )


def _together(known: list[tuple[AccountFacts, Segment]]) -> tuple[Segment, tuple[AccountFacts, ...]]:
    rules = known[0][1]
    for _, other in known[1:]:
        rules = rules if other == rules else intersect(rules, other)
    same_holder = len({account.holder for account, _ in known}) == 1
    merge = rules.families.consolidation
    if len(known) == 1 or (merge.on and same_holder and len(known) <= merge.max_accounts):
        return rules, tuple(account for account, _ in known)
    oldest, own = max(
        known, key=lambda pair: (pair[0].days_past_due, pair[0].balance_minor, pair[0].account_ref)
    )
    return own, (oldest,)


def _afford(facts: Facts, rules: Segment, balance: int, pack: PackLimits) -> tuple[int, int]:
    if facts.budget is None:
        value = rules.value
        prior = max(balance * value.prior_affordable // 10_000, value.prior_affordable_min)
        return (prior if facts.affordable_minor is None else facts.affordable_minor), 0
    budget = replace(facts.budget, protected_minor=max(facts.budget.protected_minor, pack.protected_minor))
    return budget.surplus_minor, budget.cash_minor


def _stage(facts: Facts, rules: Segment, accounts: tuple[AccountFacts, ...]) -> int:
    if rules.policy.close_on_rounds:
        # Whoever accepts early would be lifted to what the last stage gives: the same plans without the haggling.
        return len(rules.policy.stage_by) - 1
    stage = stage_of(
        rules.policy.stage_by,
        evidence=facts.evidence,
        days_past_due=min(account.days_past_due for account in accounts),
        campaigns=facts.campaigns,
    )
    party = rules.authority.counselor if facts.evidence == "adviser" else rules.authority.debtor
    cap = party.stage
    return min(stage, len(rules.policy.stage_by) - 1, stage if cap is None else cap)


def first_date(case: Case, freq: Frequency) -> date:
    """Return the first payment's day where the debtor names none: the next pay day in the window, or a period on."""
    earliest, latest = window(case)
    budget = case.facts.budget
    behind = timedelta(days=case.rules.common.days_after_income)
    wanted = budget.next_income_on + behind if budget and budget.next_income_on else None
    day = (
        wanted
        if wanted and earliest <= wanted <= latest
        else min(case.facts.as_of + timedelta(days=WAIT_DAYS[freq]), latest)
    )
    day = max(day, earliest)
    return inside(case, day)


def window(case: Case) -> tuple[date, date]:
    """Return the first and the last day on which a first payment may fall."""
    rule = case.rules.common.first_date
    return (
        case.facts.as_of + timedelta(days=rule.lead_days),
        case.facts.as_of + timedelta(days=max(rule.max_gap_days, rule.lead_days)),
    )


def inside(case: Case, day: date, *, by: date | None = None) -> date:
    """Return the day nearest to a wish that is due inside the window once weekends and holidays move it.

    The day itself where it is, else the closest one before, else after; never due later than `by`. The day is not
    moved: it stays the anchor of the plan's rhythm.
    """
    earliest, latest = window(case)
    latest = latest if by is None else max(earliest, min(latest, by))
    day = min(max(day, earliest), latest)
    if earliest <= rolled(case, day) <= latest:
        return day
    before = [day - timedelta(days=k) for k in range((day - earliest).days + 1)]
    behind = [day + timedelta(days=k) for k in range(1, (latest - day).days + 1)]
    return next((one for one in (*before, *behind) if earliest <= rolled(case, one) <= latest), day)


def listed_from(case: Case, freq: Frequency, day: date) -> tuple[date, ...]:
    """Return the days of the rules' pay calendar from the one that serves a wished first date; none without such days.

    The first listed day at or behind the wish, else the last one before it, inside the window of first dates.
    """
    days: tuple[date, ...] = getattr(case.rules.common.due_on, freq)
    earliest, latest = window(case)
    open_ = [one for one in days if earliest <= one <= latest]
    if not open_:
        return ()
    first = next((one for one in open_ if one >= day), open_[-1])
    return days[days.index(first) :]


def rolled(case: Case, day: date) -> date:
    """Return the day on which a payment anchored on `day` is due."""
    return roll(day, rule=case.rules.common.business_day, holidays=case.holidays)


def frame_of(
    case: Case, *, freq: Frequency, first_on: date | None = None, due_day: int | None = None
) -> Frame:
    """Return the frame of one slice of plans: one rhythm, one first date, kept to a day of the month if named."""
    common = case.rules.common
    start = inside(case, first_on) if first_on else first_date(case, freq)
    listed = listed_from(case, freq, start)
    start = listed[0] if listed else start
    return Frame(
        currency=case.facts.currency,
        debts=tuple(
            Debt(
                account_ref=account.account_ref,
                principal=account.principal_minor,
                interest=account.interest_minor,
                fees=account.fees_minor,
                apr_ppm=int(account.apr * Decimal(_MILLION)),
            )
            for account in case.accounts
        ),
        freq=freq,
        as_of=case.facts.as_of,
        first_on=start,
        down_on=rolled(case, inside(case, window(case)[0])),
        due_day=due_day if first_on and not listed and freq in {"monthly", "semi_monthly"} else None,
        lattice=lattice_of(common.lattice.installment, freq),
        down_lattice=common.lattice.down_payment,
        installment_min=from_monthly(case.rules.families.installment.installment_min, freq) or 1,
        affordable=from_monthly(max(case.affordable, 0), freq),
        pay_min=case.rules.families.index.pay_min,
        day_count=common.day_count,
        business_day=common.business_day,
        holidays=case.holidays,
        listed=listed,
        order=case.rules.families.consolidation.allocation if len(case.accounts) > 1 else "",
        residual_waived=case.rules.families.index.residual == "waived",
        left_out=case.left_out,
    )


def lattice_of(monthly: int, freq: Frequency) -> int:
    """Return what payments of a rhythm are rounded up to: a fifth of the monthly step where they come more often.

    With the whole step the lowest weekly payment would come to far more a month than the lowest monthly one.
    """
    return monthly if freq in {"monthly", "four_weekly"} else max(1, monthly // 5)


def due_day_date(case: Case, due_day: int | None) -> date | None:
    """Return the first day in the window that falls on the due day asked for, or None."""
    if due_day is None or not 1 <= due_day <= 31:
        return None
    return first_due_on(
        window=DateWindow(*window(case)),
        due_day=due_day,
        rule=case.rules.common.business_day,
        holidays=case.holidays,
    )

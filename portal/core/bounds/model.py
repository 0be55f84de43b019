"""A lender's bounds as frozen values: whom a segment covers and how far its plans may go.

Shares are basis points, rates millionths a year, amounts minor units of the document's currency.
"""

from dataclasses import dataclass
from datetime import date
from typing import get_args

from portal.core.bounds.families import Families
from portal.core.bounds.kinds import count, days, flag, group, money, rate, share, shares, span, word, words
from portal.core.calendar import FREQUENCIES, BusinessDayRule, Frequency
from portal.core.daycount import DayCount

EVIDENCE = ("none", "budget_self", "documents", "adviser")
ROLES = ("agent", "supervisor")


BALANCE_RULES = ("keep", "requote", "freeze")
"""What follows when the case system says another balance while a signed plan runs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """Which accounts a rule covers; an empty list or 0..max covers all. No protected attribute exists here."""

    product: tuple[str, ...] = words(())
    balance: tuple[int, int] = span((0, 10**15))
    debt_age: tuple[int, int] = span((0, 36_500))
    dpd: tuple[int, int] = span((1, 36_500))
    risk: tuple[str, ...] = words(())
    secured: bool | None = flag(default=None, tight="")
    stage_of_law: tuple[str, ...] = words(())
    jurisdiction: tuple[str, ...] = words(())


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstDate:
    """The first payment lies between so many days from today."""

    lead_days: int = count(1, high=90, tight="high", code="DATE_EARLY")
    max_gap_days: int = count(35, low=1, high=366, code="DATE_LATE")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lattice:
    """Amounts are multiples of these: the installment, the waiver, the down payment."""

    installment: int = money(1, low=1)
    waiver: int = share(500, tight="")
    down_payment: int = money(1, low=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class DueOn:
    """The days on which payments of a rhythm fall, as a pay calendar names them; behind the last the rhythm goes on."""

    weekly: tuple[date, ...] = days()
    fortnightly: tuple[date, ...] = days()
    four_weekly: tuple[date, ...] = days()
    semi_monthly: tuple[date, ...] = days()
    monthly: tuple[date, ...] = days()


@dataclass(frozen=True, kw_only=True, slots=True)
class Common:
    """What holds for every family of a segment.

    A first payment falls on the next pay day that is known, or `days_after_income` days behind it. `day_count` counts
    interest: "30/360" in whole periods, the others by the days between two payments. `due_on` names the very days of
    a rhythm; neither weekends nor holidays move them.
    """

    freq: tuple[Frequency, ...] = words(("monthly",), *FREQUENCIES, code="FREQ")
    first_date: FirstDate = group(FirstDate, FirstDate())
    due_day: str = word("any", "any")
    due_on: DueOn = group(DueOn, DueOn())
    days_after_income: int = count(0, high=3, tight="")
    lattice: Lattice = group(Lattice, Lattice())
    rounding: str = word("up_last_absorbs", "up_last_absorbs")
    business_day: BusinessDayRule = word("following", *get_args(BusinessDayRule))
    day_count: DayCount = word("actual/365", *get_args(DayCount))
    valid_days: int = count(14, low=1, high=120)
    balance_change: str = word("keep", *BALANCE_RULES)
    max_active_plans: int = count(1, low=1, high=20, code="ACTIVE_PLANS")


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """How the lender values a plan; always private. Floors are shares of the balance."""

    kappa: int = rate(100_000, tight="")
    no_plan_value: int = share(1500, tight="")
    npv_floor: int = share(10_000, tight="high", code="COMBINATION")
    expected_cash_floor: int = share(0, tight="high", code="COMBINATION")
    full_cost_floor: int = share(0, tight="high", code="COMBINATION")
    post_break: int = share(800, tight="")
    alpha: int = share(5000, tight="")
    cost_per_payment: int = money(0)
    standard_burden: int = share(8000, tight="")
    prior_affordable: int = share(400, tight="")
    prior_affordable_min: int = money(0)
    disclosure: str = word("private", "private")


@dataclass(frozen=True, kw_only=True, slots=True)
class Menu:
    """How many offers are shown: by default, and at most."""

    size: int = count(3, low=1, high=5, tight="")
    max: int = count(5, low=1, high=8, tight="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """One way to reach a stage; all named parts hold together. `any` opens when one of its conditions holds."""

    evidence: str = "none"
    dpd_min: int = 0
    campaign: str = ""
    any: tuple["Condition", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StageRule:
    """A stage and the condition that opens it: evidence or the calendar, never a refusal."""

    stage: int = 0
    when: Condition = Condition()


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """How offers are picked inside the bounds; thresholds are private.

    By stage: `split_q` is how near a plan comes to the fairest split of what both sides gain, among plans that differ
    in nothing but what is taken off (1 = only the fairest is open; its last value holds at the last stage, however
    many there are); `band_q` the same among all plans that fit, for what is shown unasked.
    """

    theta_max: int = share(8000, tight="")
    menu: Menu = group(Menu, Menu())
    split_q: tuple[int, ...] = shares((9990, 9990, 0))
    band_q: tuple[int, ...] = shares((9700, 8000, 0))
    open_share: int = share(7500, tight="", code="COMBINATION")
    asks_max: int = count(5, high=50, tight="")
    asks_window_days: int = count(30, low=1, high=366, tight="")
    stage_by: tuple[StageRule, ...] = (StageRule(),)
    offer_lock_days: int = count(14, low=1, high=120, tight="")
    most_favored: bool = flag(default=True, tight="")
    close_on_rounds: bool = flag(default=False, tight="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Replan:
    """Moves of one payment that need nobody: how many in how many months."""

    same_value_shift: int = count(2, high=24)
    per_months: int = count(12, low=1, high=120, tight="high")


@dataclass(frozen=True, kw_only=True, slots=True)
class Breaks:
    """What happens when a payment is missed."""

    grace_days: int = count(5, high=90, tight="high")
    missed_before_broken: int = count(2, low=1, high=12, tight="high")
    cure_days: int = count(14, high=120, tight="high")
    auto_replan: Replan = group(Replan, Replan())
    renegotiations_max: int = count(3, high=24)
    per_months: int = count(12, low=1, high=120, tight="high")
    cool_off_days: int = count(14, high=120, tight="high")


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleAuthority:
    """What a role may do beyond the segment; a field that is not named is inherited."""

    stage: int | None = count(None, high=9)
    may: tuple[str, ...] = words((), "propose", "attach_budget", "consolidation_mandate")
    waive_principal_max: int | None = share(None)
    months_max: int | None = count(None, low=1, high=480)
    npv_floor: int | None = share(None, tight="high")
    any_family: bool = flag(default=False)
    reason_required: bool = flag(default=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """Authority by role. `debtor` and `counselor` name the highest stage they may reach by themselves."""

    debtor: RoleAuthority = group(RoleAuthority, RoleAuthority())
    counselor: RoleAuthority = group(RoleAuthority, RoleAuthority())
    agent: RoleAuthority = group(RoleAuthority, RoleAuthority())
    supervisor: RoleAuthority = group(RoleAuthority, RoleAuthority())


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalWhen:
    """When a person must agree before a plan is signed; all named parts hold together."""

    waive_principal_over: int | None = share(None)
    amount_over: int | None = money(None)
    vulnerable: bool | None = flag(default=None)
    family: tuple[str, ...] = words(())


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalRule:
    """A condition and the role that must agree."""

    when: ApprovalWhen = group(ApprovalWhen, ApprovalWhen())
    by: str = word("agent", *ROLES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Handoff:
    """Where a case goes that needs a person, by when, and what is offered meanwhile."""

    to: str = word("queue:general")
    sla_hours: int = count(48, low=1, high=720)
    also_offer: tuple[str, ...] = words(("free_advice_list", "breathing_space"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """The rules for the accounts that `when` covers."""

    id: str = word("")
    when: When = group(When, When())
    priority: int = count(0, high=1000, tight="")
    common: Common = group(Common, Common())
    families: Families = group(Families, Families())
    value: Value = group(Value, Value())
    policy: Policy = group(Policy, Policy())
    breaks: Breaks = group(Breaks, Breaks())
    authority: Authority = group(Authority, Authority())
    approval: tuple[ApprovalRule, ...] = group(ApprovalRule, (), shape="list")
    handoff: Handoff = group(Handoff, Handoff())


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """One tightening of one field: `family` '*' means every family that has the field."""

    family: str
    field: str
    value: int | bool | tuple[int, ...] | tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cap:
    """Limits on top of every segment for the accounts that `when` covers; a cap can only tighten."""

    id: str
    when: When
    limits: tuple[Limit, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """One immutable version of a lender's rules. `concession_budget` counts in minor units a month, by segment."""

    bounds_id: str
    version: int
    currency: str
    segments: tuple[Segment, ...]
    effective: tuple[date, date] = (date.min, date.max)
    jurisdiction_pack: str = ""
    caps: tuple[Cap, ...] = ()
    concession_budget: tuple[tuple[str, int], ...] = ()

"""What a lender may allow inside each plan family. A family that is not named is off; defaults are strict.

Shares are basis points, rates millionths a year, amounts minor units. `disclosure` says whether a figure of
the group may be named to the debtor; a private figure only ever shows as COMBINATION, NEED_BUDGET or PERSON.
"""

from dataclasses import dataclass

from portal.core.bounds.kinds import count, counts, flag, group, money, rate, rates, share, span, word, words
from portal.core.plans.skills import MILESTONES

DISCLOSURES = ("public", "private")
METHODS = ("level", "equal_principal", "flat")
GRACES = ("full_frozen", "full_capitalized", "full_deferred", "interest_only")


@dataclass(frozen=True, kw_only=True, slots=True)
class Full:
    """Pay everything by a date, with a small waiver for promptness where the lender grants one."""

    on: bool = flag(default=False, code="FAMILY")
    prompt_waiver: int = share(0, code="WAIVER_FAMILY")
    days_max: int = count(30, high=366, code="DATE_LATE")
    disclosure: str = word("public", *DISCLOSURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Installment:
    """Equal payments. `n_max` counts payments, `months_max` months from the first date; both hold.

    `installment_min` and `installment_max` are monthly and scale with the rhythm. `method` says how interest may be
    spread where a rate is asked: level payments, equal principal, or flat on the whole sum.
    """

    on: bool = flag(default=False, code="FAMILY")
    down_payment_min: int = share(0, tight="high", code="DOWN_PAYMENT_MIN")
    down_payment_max: int = share(5000, code="DOWN_PAYMENT_MAX")
    n_max: int = count(12, low=1, high=520, code="TERM_MAX")
    months_max: int = count(12, low=1, high=480, code="TERM_MAX")
    installment_min: int = money(1, low=1, tight="high", code="INSTALLMENT_MIN")
    installment_max: int = money(10**15, tight="low", code="INSTALLMENT_MAX")
    rate: tuple[int, ...] = rates((0,), code="RATE")
    method: tuple[str, ...] = words(("level",), *METHODS)
    disclosure: str = word("public", *DISCLOSURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderStep:
    """From this many days past due, at most this waiver."""

    dpd: int = count(0, high=36_500, tight="high")
    max: int = share(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lump:
    """One reduced payment by a date; after the date the offer lapses, and the debt never grows by it."""

    on: bool = flag(default=False, code="FAMILY")
    days_max: int = count(30, high=366, code="DATE_LATE")
    waiver_ladder: tuple[LadderStep, ...] = group(LadderStep, (), shape="list")
    disclosure: str = word("private", *DISCLOSURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A reduced sum in a few payments. `revert` says what a broken settlement comes back to."""

    on: bool = flag(default=False, code="FAMILY")
    k: tuple[int, int] = span((2, 2), code="PARTS_COUNT")
    first_share_min: int = share(5000, tight="high", code="DOWN_PAYMENT_MIN")
    share_of_lump_waiver: int = share(0, code="WAIVER_FAMILY")
    revert: str = word("pro_rata", "none", "pro_rata", "full")
    cure_days: int = count(7, high=90, tight="high")
    disclosure: str = word("public", *DISCLOSURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tranche:
    """After this share of the plan is paid, this share of the write-off is final."""

    after_paid: int = share(10_000, tight="high")
    share: int = share(10_000)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grace:
    """Months of reduced or no payment before the installments start.

    Their interest is dropped (`full_frozen`), added to the sum (`full_capitalized`), paid with the first payment behind
    them (`full_deferred`) or paid as it falls due (`interest_only`).
    """

    months_max: int = count(0, high=24, code="GRACE_MAX")
    kinds: tuple[str, ...] = words((), *GRACES, code="GRACE_MAX")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Payments that rise: every so many months, by at most this share, so many times."""

    every_months: int = count(12, low=1, high=60, tight="high", code="STEP")
    pct_max: int = share(0, code="STEP")
    count_max: int = count(0, high=10, code="STEP")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReAge:
    """Days past due go back to 0 after `kept` payments, at most `max` times in `per_months`; 0 times: never.

    The account is `age_months_min` old, and was not re-aged `long_max` times in `long_months`. The defaults are those
    of the US supervisors' policy for open-end credit: three payments, nine months, twice in five years, and once in
    twelve months where it is allowed at all (FFIEC, Uniform Retail Credit Classification and Account Management Policy,
    65 FR 36903, 2000).
    """

    kept: int = count(3, low=1, high=24, tight="high", code="RE_AGE")
    max: int = count(0, high=10, code="RE_AGE")
    per_months: int = count(12, low=1, high=120, tight="high", code="RE_AGE")
    age_months_min: int = count(9, high=120, tight="high", code="RE_AGE")
    long_max: int = count(2, low=1, high=20, code="RE_AGE")
    long_months: int = count(60, low=1, high=240, tight="high", code="RE_AGE")


@dataclass(frozen=True, kw_only=True, slots=True)
class Restructure:
    """New terms: longer, cheaper, parts written off. `installment_min` 0 = as for installments.

    A plan bears at least `rate_min` and at most `rate_max`, never more than the contract's rate.
    """

    on: bool = flag(default=False, code="FAMILY")
    months_max: int = count(12, low=1, high=480, code="TERM_MAX")
    n_max: int = count(2080, low=1, high=2080, code="TERM_MAX")
    installment_min: int = money(0, tight="high", code="INSTALLMENT_MIN")
    rate_min: int = rate(0, code="RATE")
    rate_max: int = rate(0, tight="low", code="RATE")
    method: tuple[str, ...] = words(("level",), *METHODS)
    waive_interest_max: int = share(0, code="WAIVER_FAMILY")
    waive_fees_max: int = share(0, code="WAIVER_FAMILY")
    waive_principal_max: int = share(0, code="WAIVER_FAMILY")
    tranches: tuple[Tranche, ...] = group(Tranche, (), shape="list")
    grace: Grace = group(Grace, Grace())
    balloon_max: int = share(0, code="BALLOON")
    step: Step = group(Step, Step())
    capitalize_arrears: bool = flag(default=False)
    re_age: ReAge = group(ReAge, ReAge())
    disclosure: str = word("public", *DISCLOSURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Consolidation:
    """One payment for several debts of the same legal holder, or by mandate."""

    on: bool = flag(default=False, code="FAMILY")
    allocation: str = word("pro_rata", "pro_rata", "dearest_first", "smallest_first", "statutory")
    max_accounts: int = count(12, low=1, high=50, code="ACCOUNTS_MAX")
    disclosure: str = word("public", *DISCLOSURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reward:
    """What a verified milestone is worth; 0 = not this kind."""

    milestone: str = word("enrolled", *MILESTONES)
    rate_cut: int = rate(0, tight="low")
    waive: int = share(0)
    fee_waiver: int = share(0)
    step_up_max: int = share(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Skills:
    """Payments with a training course whose milestones only ever lower what is owed.

    `goes_with` names what a course may go with: plain installments, new terms, payments that follow income; each only
    where its own family is on. A pause during the course goes with regular payments: those by income are low by then.
    """

    on: bool = flag(default=False, code="FAMILY")
    goes_with: tuple[str, ...] = words(("installment",), "installment", "restructure", "index", code="FAMILY")
    providers: tuple[str, ...] = words(("*",))
    moratorium_months_max: int = count(0, high=24, code="GRACE_MAX")
    rewards: tuple[Reward, ...] = group(Reward, (), shape="map", key="milestone")
    total_reward_max: int = share(0)
    clawback: str = word("unvested_only", "unvested_only")
    disclosure: str = word("public", *DISCLOSURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class BreathingSpace:
    """A pause with contact stopped and interest and fees frozen; a statute's pause is never shortened by it.

    One of `days`, once in `per_months` months, at most `per_plan` times while one plan runs.
    """

    on: bool = flag(default=False, code="FAMILY")
    days: tuple[int, ...] = counts((30,), low=1, high=366, code="PAUSE_MAX")
    per_months: int = count(12, low=1, high=120, tight="high", code="PAUSE_MAX")
    per_plan: int = count(3, low=1, high=120, code="PAUSE_MAX")
    causes: tuple[str, ...] = words(("advice",))
    disclosure: str = word("public", *DISCLOSURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """Payments that follow income: a share of what is affordable, restated on review, up to a horizon."""

    on: bool = flag(default=False, code="FAMILY")
    theta_max: int = share(0, tight="", code="THETA")
    pay_min: int = money(1, low=1, tight="high", code="INSTALLMENT_MIN")
    review_months: int = count(6, low=1, high=36, tight="")
    horizon_months: int = count(60, low=1, high=480, code="TERM_MAX")
    residual: str = word("review", "review", "waived")
    needs: str = word("adviser", "none", "budget_self", "documents", "adviser", code="NEED_BUDGET")
    rise_pct: int = share(2000, tight="high")
    disclosure: str = word("public", *DISCLOSURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Families:
    """All families of one segment."""

    full: Full = group(Full, Full())
    installment: Installment = group(Installment, Installment())
    lump: Lump = group(Lump, Lump())
    parts: Parts = group(Parts, Parts())
    restructure: Restructure = group(Restructure, Restructure())
    consolidation: Consolidation = group(Consolidation, Consolidation())
    skills: Skills = group(Skills, Skills())
    breathing_space: BreathingSpace = group(BreathingSpace, BreathingSpace())
    index: Index = group(Index, Index())

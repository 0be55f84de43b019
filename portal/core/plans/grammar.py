"""What a plan is: a family, its terms, and the schedule that follows from them.

Terms are shares, counts and lattice steps, never amounts, so the same terms in another currency or for a
balance k times as large have the same canonical id. Shares are in basis points (10,000 = all).
Composition, no other nesting: `breathing_space? (grace)? (installment|parts|restructure|index) (skills)?`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from portal.core.calendar import PERIODS_PER_YEAR, Frequency
from portal.core.errors import PlanError
from portal.core.plans.canonical import digest

FAMILIES = (
    "full",
    "installment",
    "lump",
    "parts",
    "restructure",
    "consolidation",
    "skills",
    "breathing_space",
    "index",
)
GRACE_KINDS = ("", "full_frozen", "full_capitalized", "full_deferred", "interest_only")
METHODS = ("", "equal_principal", "flat")
REVERTS = ("none", "pro_rata", "full")
WHOLE = 10_000  # basis points of everything


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """The numbers that make a plan, without any amount: what the canonical id is made of.

    `count` counts payments after the down payment; `first_in_days` runs from the day of the facts to the anchor of
    the first of them, before weekends and holidays move it, and `due_day` keeps it to a day of the month.
    `waiver_bp` is a share of the balance (families full, lump, parts), `waive_*_bp` shares of one component
    (restructure); both are taken from fees, then interest, then principal. `down_bp` is a share of the amount after
    waiver (for `parts`: the first part), `balloon_bp` the last payment's extra share, `step_bp` the rise every
    `step_every` payments, `rate_ppm` the yearly rate in millionths (59,000 = 5.9 %), `theta_bp` the share of what is
    affordable that `index` asks; `token` asks the smallest payment instead. `method` says how interest is spread:
    '' equal payments on what is still owed, `equal_principal` the same principal each time and interest on what is
    still owed, `flat` the rate of the whole term on the whole sum, evenly.
    """

    family: str
    inner: str = ""
    freq: Frequency = "monthly"
    count: int = 1
    first_in_days: int = 0
    due_day: int = 0
    waiver_bp: int = 0
    waive_fees_bp: int = 0
    waive_interest_bp: int = 0
    waive_principal_bp: int = 0
    down_bp: int = 0
    rate_ppm: int = 0
    method: str = ""
    grace_months: int = 0
    grace_kind: str = ""
    balloon_bp: int = 0
    step_bp: int = 0
    step_every: int = 0
    theta_bp: int = 0
    token: bool = False
    pause_days: int = 0
    revert: str = ""
    course: str = ""
    accounts: tuple[str, ...] = ()
    order: str = ""

    def __post_init__(self) -> None:
        """Refuse words outside the grammar and numbers outside their range."""
        if (
            self.family not in FAMILIES
            or self.freq not in PERIODS_PER_YEAR
            or self.grace_kind not in GRACE_KINDS
            or self.method not in METHODS
        ):
            words = f"{self.family}/{self.freq}/{self.grace_kind}/{self.method}"
            raise PlanError(f"{words} is outside the grammar of plans")
        if self.count < 0 or not 0 <= self.waiver_bp <= WHOLE or not 0 <= self.down_bp <= WHOLE:
            raise PlanError("count must not be negative and shares lie between 0 and 10,000 basis points")

    @property
    def shape(self) -> str:
        """The family that decides the schedule: the inner one of `skills` and `consolidation`."""
        return self.inner or self.family

    @property
    def waives(self) -> bool:
        """Whether the terms give up a part of the balance."""
        return bool(self.waiver_bp or self.waive_fees_bp or self.waive_interest_bp or self.waive_principal_bp)

    def to_dict(self) -> dict[str, Any]:
        """Return the terms that differ from their defaults, and always the family."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        default = {f.name: f.default for f in fields(self)}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in named.items() if v != default[k]}


def terms_from_dict(document: Mapping[str, Any]) -> Terms:
    """Read terms back from `Terms.to_dict`. Raises `PlanError` for unknown keys or words."""
    known = {f.name for f in fields(Terms)}
    if not set(document) <= known:
        raise PlanError(f"unknown terms: {sorted(set(document) - known)}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in document.items()}
    return Terms(**values)


def canonical_id(terms: Terms) -> str:
    """Return the plan's id: the first 12 hex digits of the SHA-256 of its canonical terms."""
    return digest(terms.to_dict())[:12]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One dated payment of a schedule.

    `number` is 0 for the down payment and counts the payments from 1; `amount` = `principal` + `interest`,
    where `principal` reduces what is owed after the waiver and `interest` is what this plan adds;
    `account_split` gives the part for each account, in the order of the plan's accounts, adding up to `amount`.
    """

    due_on: date
    number: int
    amount: int
    principal: int
    interest: int = 0
    account_split: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Waived:
    """What the lender gives up, in minor units, component by component."""

    principal: int = 0
    interest: int = 0
    fees: int = 0

    @property
    def total(self) -> int:
        """The whole waiver in minor units."""
        return self.principal + self.interest + self.fees


@dataclass(frozen=True, kw_only=True, slots=True)
class Milestone:
    """A step of a training course and what reaching it is worth.

    `reward` is `rate_cut`, `waive`, `fee_waiver`, `moratorium` or `step_up`; `worth` is what the debtor pays
    less when it is verified, in minor units (0 for a moratorium or a step up); `share_bp` is its size in basis
    points (of the balance for a waiver, of the rate for a cut, of the payment for a step up).
    """

    kind: str
    due_by: date
    reward: str
    worth: int = 0
    share_bp: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Conventions:
    """How the figures of a schedule were counted, written on every plan."""

    day_count: str = "actual/365"
    rounding: str = "up_last_absorbs"
    compounding: str = "per_period"
    allocation: str = "fees_interest_principal"
    business_day: str = "following"
    lattice: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Family, terms and schedule of an unsigned idea; amounts in minor units of `currency`.

    `balance` is what is owed today, `amount` what remains of it after the waiver, `total` everything the debtor
    pays (`amount` + new interest). `params` are the canonical terms, `id` their hash. For `skills` the
    schedule is the one that holds when every milestone is missed (B0), and `milestones` only ever lower it.
    `cure_days` and the terms' `revert` say what a missed payment means for a settlement in parts; `tranches` are
    pairs (basis points paid, minor units) at which a write-off becomes final; `residual` is what an income-indexed
    plan leaves to review at its horizon; `left_out` names accounts that the law keeps out;
    `made_on` is the day of the facts, from which `first_in_days` runs; `re_age_kept` is after how many payments kept in
    a row the account counts as up to date (0: the plan does not say so).
    """

    id: str
    family: str
    currency: str
    params: Terms
    schedule: tuple[Row, ...]
    balance: int
    amount: int
    total: int
    waived: Waived = Waived()
    milestones: tuple[Milestone, ...] = ()
    tranches: tuple[tuple[int, int], ...] = ()
    conventions: Conventions = Conventions()
    cure_days: int = 0
    residual: int = 0
    left_out: tuple[str, ...] = ()
    resumes_on: date | None = None
    made_on: date | None = None
    re_age_kept: int = 0

    @property
    def payment(self) -> int:
        """The level payment: the largest installment before the last, or the only one (0 when nothing is due)."""
        body = [row.amount for row in self.schedule if row.number > 0]
        if not body:
            return self.schedule[0].amount if self.schedule else 0
        return body[0] if len(body) == 1 else max(body[:-1])

    @property
    def down_payment(self) -> int:
        """What is paid first, before the installments; 0 without one."""
        return self.schedule[0].amount if self.schedule and self.schedule[0].number == 0 else 0

    @property
    def first_on(self) -> date | None:
        """The day of the first installment after a down payment."""
        return next((row.due_on for row in self.schedule if row.number > 0), None)

    @property
    def last_on(self) -> date | None:
        """The day of the last payment."""
        return self.schedule[-1].due_on if self.schedule else None

    @property
    def interest(self) -> int:
        """New interest over the whole plan in minor units."""
        return sum(row.interest for row in self.schedule)

    @property
    def public_terms(self) -> dict[str, Any]:
        """What the debtor is shown and signs: no score, no bound, no stage."""
        return {
            "family": self.family,
            "freq": self.params.freq,
            "payments": sum(1 for row in self.schedule if row.number > 0),
            "payment": self.payment,
            "down_payment": self.down_payment,
            "first_on": self.first_on.isoformat() if self.first_on else None,
            "last_on": self.last_on.isoformat() if self.last_on else None,
            "total": self.total,
            "waived": self.waived.total,
            "interest": self.interest,
            "currency": self.currency,
        }

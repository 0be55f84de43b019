"""The facts a decision may rest on, and nothing else.

No device, time on a page, wording, mood, refusals, identity, name or language: what is not here cannot change
an offer. Amounts are minor units of one currency per case.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from portal.core.calendar import Frequency
from portal.core.errors import NegotiationError
from portal.core.plans.canonical import digest

EVIDENCE = ("none", "budget_self", "documents", "adviser")
# Why an account gets no offers, whatever the bounds say (the lawful path instead).
HOLDS = (
    "statutory_freeze",
    "dispute",
    "statute_barred",
    "deceased",
    "bankruptcy",
    "complaint",
    "recalled",
)
FLAGS = ("not_verified", "vulnerable", "wants_person", "adviser_engaged", "in_breathing_space")


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountFacts:
    """One debt on the day of the facts: parts of the balance in minor units, age, and what the law says.

    `fees_minor` holds fees and penalties together; `apr` is the contract's yearly rate (Decimal('0.1407') for
    14.07 %), which a plan charges only where the bounds allow a rate above 0; `holds` are words of `HOLDS`;
    `re_aged_on` are the days on which it was counted as up to date again by a re-age.
    """

    account_ref: str
    currency: str
    principal_minor: int
    interest_minor: int = 0
    fees_minor: int = 0
    product: str = "loan"
    apr: Decimal = Decimal(0)
    days_past_due: int = 0
    debt_age_days: int = 0
    risk_grade: str = ""
    is_secured: bool = False
    law_stage: str = "pre"
    jurisdiction: str = ""
    holder: str = ""
    holds: tuple[str, ...] = ()
    hold_until: date | None = None
    re_aged_on: tuple[date, ...] = ()

    @property
    def balance_minor(self) -> int:
        """All that is owed: principal + interest + fees."""
        return self.principal_minor + self.interest_minor + self.fees_minor

    def __post_init__(self) -> None:
        """Refuse negative parts and unknown holds."""
        if min(self.principal_minor, self.interest_minor, self.fees_minor, self.days_past_due) < 0:
            raise NegotiationError(f"account {self.account_ref}: parts of the balance must not be negative")
        if not set(self.holds) <= set(HOLDS):
            raise NegotiationError(f"account {self.account_ref}: unknown hold in {self.holds}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """What a month leaves, in minor units, as the debtor states or a document shows.

    `protected_minor` is the minimum existence sum that the law keeps for the household, `savings_minor` the
    savings allowance; both stay with the debtor. `cash_minor` is what can be paid at once. `income_freq` is the
    rhythm of the income and of the plans first shown; `next_income_on` the next pay day.
    """

    income_minor: int
    outgoings_minor: int = 0
    savings_minor: int = 0
    protected_minor: int = 0
    cash_minor: int = 0
    income_freq: Frequency = "monthly"
    next_income_on: date | None = None
    household: int = 1

    @property
    def surplus_minor(self) -> int:
        """What a month leaves after outgoings and savings, never touching the protected sum; may be negative."""
        return min(
            self.income_minor - self.outgoings_minor - self.savings_minor,
            self.income_minor - self.protected_minor,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanHistory:
    """What earlier plans of this debtor became; counts of the last 12 months where not said otherwise."""

    kept: int = 0
    broken: int = 0
    renegotiated: int = 0
    paused_days: int = 0
    active_plans: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything `answer` may know of a case; hashable, so equal facts give equal answers.

    `as_of` is the lender's calendar day of the snapshot. `evidence` is one of none, budget_self, documents,
    adviser; `campaigns` the lender's campaigns that include this case; `flags` are words of `FLAGS`; `course` is
    the training course asked for, '' for any, `course_months` its length; `affordable_minor` is the segment's
    prior a0 for a month where no budget was given (None: the bounds' own share of the balance).
    """

    case_ref: str = ""
    as_of: date
    accounts: tuple[AccountFacts, ...]
    evidence: str = "none"
    budget: Budget | None = None
    campaigns: tuple[str, ...] = ()
    wants_training: bool = False
    course: str = ""
    course_months: int = 0
    flags: tuple[str, ...] = ()
    history: PlanHistory = PlanHistory()
    affordable_minor: int | None = None

    def __post_init__(self) -> None:
        """Refuse a case without accounts, in two currencies, with unknown words or twice the same account."""
        if not self.accounts or len({a.currency for a in self.accounts}) != 1:
            raise NegotiationError("a case has accounts of one currency")
        if len({a.account_ref for a in self.accounts}) != len(self.accounts):
            raise NegotiationError("an account appears once in a case")
        if self.evidence not in EVIDENCE or not set(self.flags) <= set(FLAGS):
            raise NegotiationError("unknown evidence level or flag")

    @property
    def currency(self) -> str:
        """The one currency of the case."""
        return self.accounts[0].currency

    @property
    def balance_minor(self) -> int:
        """All that is owed on all accounts."""
        return sum(account.balance_minor for account in self.accounts)

    @property
    def freq(self) -> Frequency:
        """The rhythm in which plans are first shown: the income's, or monthly."""
        return self.budget.income_freq if self.budget else "monthly"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def facts_to_dict(facts: Facts) -> dict[str, Any]:
    """Return the facts as a JSON document (dates ISO, rates as strings); `facts_from_dict` reads it back."""
    document: dict[str, Any] = _plain(asdict(facts))
    for account in document["accounts"]:
        if not account["re_aged_on"]:
            del account["re_aged_on"]  # facts of the time before this field keep their hash
    return document


@lru_cache(maxsize=64)
def facts_hash(facts: Facts) -> str:
    """Return the SHA-256 of the facts' canonical JSON, in hex."""
    return digest(facts_to_dict(facts))


def _known(kind: type[Any], document: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(document) - {f.name for f in fields(kind)}
    if unknown:
        raise NegotiationError(f"{kind.__name__} does not know {sorted(unknown)}")
    return {key: tuple(item) if isinstance(item, list) else item for key, item in document.items()}


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _account(document: Mapping[str, Any]) -> AccountFacts:
    values = _known(AccountFacts, document)
    values["apr"] = Decimal(str(values.get("apr", "0")))
    values["hold_until"] = _day(values.get("hold_until"))
    values["re_aged_on"] = tuple(date.fromisoformat(day) for day in values.get("re_aged_on", ()))
    return AccountFacts(**values)


def budget_of(document: Mapping[str, Any]) -> Budget:
    """Read a budget back from its record, the day as text. Raises `NegotiationError` for unknown keys."""
    values = _known(Budget, document)
    values["next_income_on"] = _day(values.get("next_income_on"))
    return Budget(**values)


def _budget(document: Mapping[str, Any] | None) -> Budget | None:
    return None if document is None else budget_of(document)


def facts_from_dict(document: Mapping[str, Any]) -> Facts:
    """Read facts back from `facts_to_dict`. Raises `NegotiationError` for unknown keys or contradictions."""
    values = _known(Facts, document)
    try:
        values["as_of"] = date.fromisoformat(values["as_of"])
        values["accounts"] = tuple(_account(account) for account in document["accounts"])
        values["budget"] = _budget(document.get("budget"))
        values["history"] = PlanHistory(**_known(PlanHistory, document.get("history") or {}))
        return Facts(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise NegotiationError(f"not a record of facts: {error}") from error

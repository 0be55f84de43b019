"""The fields of one segment that the editor shows as a form: where each stands, how it is written, what it means.

Fields that are not here are kept as they are and edited as text (expert mode).
"""

# ruff: noqa: E501 - a field stays on its line

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.web.language import lazy_gettext as _l

MILESTONES = ("enrolled", "attended", "certified", "placed", "retained_90d")


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleField:
    """One field: its path in the segment, its unit, label, hint, and the word behind the box."""

    path: str
    unit: str
    label: Any
    hint: Any = ""
    behind: Any = ""

    @property
    def name(self) -> str:
        """Its name in the form and its id."""
        return self.path.replace(".", "-")

    @property
    def is_text(self) -> bool:
        """Whether it takes several lines."""
        return self.unit in {"ladder", "tranches", "stages"}


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleGroup:
    """Fields that belong together under one heading; `switch` is the path that turns a family on."""

    key: str
    title: Any
    note: Any = ""
    fields: tuple[RuleField, ...] = ()
    switch: str = ""


def _field(path: str, unit: str, label: Any, hint: Any = "", behind: Any = "") -> RuleField:
    return RuleField(path=path, unit=unit, label=label, hint=hint, behind=behind)


_MONTHS, _DAYS, _HOURS, _PERCENT = _l("months"), _l("days"), _l("hours"), "%"
_BALANCE = _l("% of the balance")
_METHODS = _l(
    "level, equal_principal, flat: the same payment each time, payments that fall, or a rate on the whole sum"
)

WHO = RuleGroup(
    key="who",
    title=_l("Which accounts"),
    note=_l("Empty means all. A person's traits do not exist here: the law forbids them."),
    fields=(
        _field("when.dpd", "span", _l("Days past due"), _l("From and to, both included"), _DAYS),
        _field("when.balance", "money_span", _l("Balance"), _l("From and to, both included")),
        _field("when.product", "words", _l("Products"), _l("As your case system calls them, with commas")),
        _field("priority", "count", _l("Priority"), _l("Where two segments fit, the higher one holds")),
    ),
)
PLAIN = RuleGroup(
    key="installment",
    title=_l("Installments"),
    switch="families.installment.on",
    fields=(
        _field("families.installment.installment_min", "money", _l("Lowest monthly payment"), _l("Where the slider starts")),
        _field("families.installment.months_max", "count", _l("Longest plan"), _l("From the first payment to the last"), _MONTHS),
        _field("families.installment.n_max", "count", _l("Most payments"), _l("Counts weekly payers too: 60 months are 260 weeks")),
        _field("families.installment.down_payment_min", "share", _l("First payment, at least"), _l("Share of what is left after a reduction"), _PERCENT),
        _field("families.installment.rate", "rates", _l("Interest a year"), _l("One rate or several, with commas"), _PERCENT),
        _field("families.installment.method", "words", _l("How interest is spread"), _METHODS),
    ),
)  # fmt: skip
RESTRUCTURE = RuleGroup(
    key="restructure",
    title=_l("New terms"),
    switch="families.restructure.on",
    fields=(
        _field("families.restructure.months_max", "count", _l("Longest plan"), _l("From the first payment to the last"), _MONTHS),
        _field("families.restructure.rate_min", "rate", _l("Lowest interest a year"), "", _PERCENT),
        _field("families.restructure.rate_max", "rate", _l("Highest interest a year"), _l("0: plans bear no interest"), _PERCENT),
        _field("families.restructure.method", "words", _l("How interest is spread"), _METHODS),
        _field("families.restructure.capitalize_arrears", "flag", _l("Interest on fees and old interest too"), _l("Off: a plan that leaves them bears no interest")),
        _field("families.restructure.waive_fees_max", "share", _l("Fees taken off, at most"), "", _PERCENT),
        _field("families.restructure.waive_interest_max", "share", _l("Interest taken off, at most"), "", _PERCENT),
        _field("families.restructure.waive_principal_max", "share", _l("Principal taken off, at most"), "", _PERCENT),
        _field("families.restructure.tranches", "tranches", _l("When a reduction becomes final"), _l("A line each: after this share is paid, this share of the reduction. 50: 50")),
        _field("families.restructure.grace.months_max", "count", _l("Months without payment at the start"), "", _MONTHS),
        _field("families.restructure.grace.kinds", "words", _l("What happens to the interest of these months"), _l("full_frozen, full_capitalized, full_deferred, interest_only")),
        _field("families.restructure.step.pct_max", "share", _l("Payments rise by, at most"), _l("Each time, for plans that start low"), _PERCENT),
        _field("families.restructure.step.count_max", "count", _l("How often they rise")),
        _field("families.restructure.re_age.max", "count", _l("How often what is late may count as past"), _l("0: never. Then the three below hold too")),
        _field("families.restructure.re_age.per_months", "count", _l("Within so many months"), "", _MONTHS),
        _field("families.restructure.re_age.kept", "count", _l("After so many payments on time, one after the other")),
        _field("families.restructure.re_age.age_months_min", "count", _l("Only for accounts that are so old"), "", _MONTHS),
        _field("families.restructure.balloon_max", "share", _l("Larger last payment, at most"), _l("0: none"), _PERCENT),
    ),
)  # fmt: skip
LUMP = RuleGroup(
    key="lump",
    title=_l("A smaller sum at once"),
    note=_l("The ladder is private: no figure of it is ever named to a debtor."),
    switch="families.lump.on",
    fields=(
        _field("families.lump.waiver_ladder", "ladder", _l("Ladder of reductions"), _l("A line each: days past due and the largest reduction in percent. 91: 30")),
        _field("families.lump.days_max", "count", _l("Paid within"), "", _DAYS),
    ),
)  # fmt: skip
PARTS = RuleGroup(
    key="parts",
    title=_l("A smaller sum in a few parts"),
    switch="families.parts.on",
    fields=(
        _field("families.parts.k", "span", _l("How many parts"), _l("From and to")),
        _field("families.parts.first_share_min", "share", _l("First part, at least"), "", _PERCENT),
        _field(
            "families.parts.share_of_lump_waiver",
            "share",
            _l("Share of the ladder's reduction"),
            "",
            _PERCENT,
        ),
    ),
)
SKILLS = RuleGroup(
    key="skills",
    title=_l("Installments with a course"),
    note=_l("Milestones only ever lower what is owed. Whoever stops goes on with the plain plan."),
    switch="families.skills.on",
    fields=(
        *(
            _field(f"families.skills.rewards.{name}.waive", "share", label, "", _BALANCE)
            for name, label in zip(
                MILESTONES,
                (
                    _l("Off for starting"),
                    _l("Off for taking part"),
                    _l("Off for the certificate"),
                    _l("Off for finding work"),
                    _l("Off for keeping the work for 90 days"),
                ),
                strict=True,
            )
        ),
        _field("families.skills.goes_with", "words", _l("What a course goes with"), _l("installment, restructure, index: with commas")),
        _field("families.skills.total_reward_max", "share", _l("All rewards together, at most"), "", _BALANCE),
        _field("families.skills.moratorium_months_max", "count", _l("Months without payment during the course"), "", _MONTHS),
    ),
)  # fmt: skip
OTHERS = RuleGroup(
    key="others",
    title=_l("Other kinds of plans"),
    fields=(
        _field("families.full.on", "flag", _l("Pay all of it")),
        _field("families.full.prompt_waiver", "share", _l("Reduction for paying all of it"), "", _PERCENT),
        _field("families.consolidation.on", "flag", _l("One plan for several accounts")),
        _field("families.breathing_space.on", "flag", _l("A pause")),
        _field("families.breathing_space.days", "counts", _l("Lengths of a pause"), _l("With commas"), _DAYS),
        _field("families.breathing_space.per_months", "count", _l("Months from one pause to the next, at least"), _l("Sooner than that, a person decides"), _MONTHS),
        _field("families.breathing_space.per_plan", "count", _l("Pauses in one plan, at most"), _l("Beyond that, a person decides")),
        _field("families.index.on", "flag", _l("Payments that follow income")),
        _field("families.index.theta_max", "share", _l("Share of what is left over, at most"), _l("For payments that follow income"), _PERCENT),
    ),
)  # fmt: skip
VALUE = RuleGroup(
    key="value",
    title=_l("What a plan is worth to you"),
    note=_l("Private: none of these is ever named to a debtor, and no answer lets it be worked out."),
    fields=(
        _field("value.npv_floor", "share", _l("Lowest value of a plan"), _l("Today's value as a share of the balance"), _PERCENT),
        _field("value.expected_cash_floor", "share", _l("Lowest expected cash"), "", _BALANCE),
        _field("value.no_plan_value", "share", _l("Value without a plan"), _l("What you expect when nothing is agreed"), _PERCENT),
        _field("value.kappa", "rate", _l("Cost of waiting a year"), "", _PERCENT),
    ),
)  # fmt: skip
POLICY = RuleGroup(
    key="policy",
    title=_l("How offers are made"),
    fields=(
        _field("policy.theta_max", "share", _l("Share of what is left over that a plan may take"), "", _PERCENT),
        _field("policy.open_share", "share", _l("First offers keep this share of the best value"), _l("Later stages go down to the lowest value"), _PERCENT),
        _field("policy.stage_by", "stages", _l("What opens each stage"), _l("A line each, from 0: none, budget_self, documents, adviser, dpd 361, campaign name; | means or, & means and")),
        _field("policy.asks_max", "count", _l("Asks answered by the portal"), _l("Then a person answers")),
        _field("policy.offer_lock_days", "count", _l("A case keeps its rules for"), "", _DAYS),
        _field("common.valid_days", "count", _l("An offer stands for"), "", _DAYS),
        _field("common.balance_change", "word", _l("When your system says another balance while a plan runs"), _l("keep, requote or freeze: the plan goes on; it goes on and a person offers one on the new figures; it rests until a person decides")),
        _field("common.freq", "words", _l("Rhythms of payment"), _l("weekly, fortnightly, four_weekly, semi_monthly, monthly")),
        _field("common.first_date.max_gap_days", "count", _l("First payment at the latest in"), "", _DAYS),
        _field("common.due_on.monthly", "days", _l("Days of monthly payments"), _l("The days of a pay calendar, 2027-01-29, with commas. Empty: the debtor's own day. Behind the last one the rhythm goes on")),
        _field("common.business_day", "word", _l("Payments on closed days"), _l("none, following, modified or preceding: left there, moved on, moved on inside the month, moved back")),
        _field("common.day_count", "word", _l("How days of interest are counted"), _l("30/360 counts whole periods; actual/365, actual/360 and others count days")),
    ),
)  # fmt: skip
PEOPLE = RuleGroup(
    key="people",
    title=_l("What people may decide"),
    fields=(
        _field("handoff.sla_hours", "count", _l("A person answers within"), _l("The debtor is told this time"), _HOURS),
        _field("authority.agent.waive_principal_max", "share", _l("An agent may take principal off, at most"), "", _PERCENT),
        _field("authority.agent.months_max", "count", _l("An agent's longest plan"), "", _MONTHS),
        _field("authority.agent.npv_floor", "share", _l("An agent's lowest value"), "", _PERCENT),
        _field("authority.supervisor.npv_floor", "share", _l("A supervisor's lowest value"), "", _PERCENT),
    ),
)  # fmt: skip
GROUPS = (WHO, PLAIN, RESTRUCTURE, LUMP, PARTS, SKILLS, OTHERS, VALUE, POLICY, PEOPLE)


def all_fields() -> Iterator[RuleField]:
    """Give every field, the switches of the families too."""
    for group in GROUPS:
        if group.switch:
            yield RuleField(path=group.switch, unit="flag", label=group.title)
        yield from group.fields


FIELDS = {field.path: field for field in all_fields()}

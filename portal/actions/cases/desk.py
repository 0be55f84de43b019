"""What lies on the desk when a case is decided: the account, the rules, the facts of today.

Every screen and every action that asks the engine lays the same desk, so the same facts give the same bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal.core.bounds.model import Bounds
from portal.core.bounds.resolve import PackLimits
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import History
from portal.core.negotiation.explain import Reason
from portal.core.negotiation.facts import AccountFacts, Facts, PlanHistory, budget_of, facts_to_dict
from portal.core.negotiation.offers import Offer
from portal.core.packs.limits import limits_of
from portal.core.packs.rules import pack_for
from portal.core.plans.record import plan_from_dict
from portal.store import accounts, agreements, bounds, budgets, cases, debtors, offers, re_ages, versions
from portal.store.accounts import Account, Hold
from portal.store.agreements import Agreement
from portal.store.bounds import BoundsVersion
from portal.store.cases import Case
from portal.store.debtors import Debtor
from portal.store.enrollments import Course
from portal.store.work import Transaction

#: What a hold of an account means to the engine; a hold that is not here stops nothing.
HOLD_WORDS = {
    "dispute": "dispute",
    "complaint": "complaint",
    "deceased": "deceased",
    "bankrupt": "bankruptcy",
    "bankruptcy": "bankruptcy",
    "moratorium": "statutory_freeze",
    "statutory_freeze": "statutory_freeze",
    "statute_barred": "statute_barred",
}
FRESH_BUDGET = timedelta(days=180)
CHANGES_COUNT_FOR = timedelta(days=365)
"""Changes of terms are counted over so long (`breaks.renegotiations_max` of the bounds)."""
_PARSED_MAX = 256
_parsed: dict[UUID, Bounds] = {}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The account and debtor, the version of the bounds, the facts, and the case where one is open.

    `running` is the agreement that runs on the account: what is offered then would change it, not stand beside it.
    """

    account: Account
    debtor: Debtor
    version: BoundsVersion
    bounds: Bounds
    facts: Facts
    pack: PackLimits
    case: Case | None
    running: Agreement | None


@dataclass(frozen=True, kw_only=True)
class NoDesk:
    """There is nothing to decide. `reason`: unknown (not this debtor's), no_bounds."""

    reason: str


def lay_desk(
    tx: Transaction, *, account_id: UUID, debtor_id: UUID, today: date, now: datetime
) -> Desk | NoDesk:
    """Load all that a decision about an account rests on; `today` is the debtor's calendar day."""
    account = accounts.find_account(tx, account_id=account_id)
    debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
    if account is None or debtor is None or account.debtor_id != debtor_id:
        return NoDesk(reason="unknown")
    case = cases.find_case_of_account(tx, account_id=account_id)
    version = _version(tx, case, account.currency, now)
    if version is None:
        return NoDesk(reason="no_bounds")
    running = agreements.find_active(tx, account_id=account_id)
    facts = load_facts(tx, account, debtor, today=today, now=now)
    return Desk(
        account=account,
        debtor=debtor,
        version=version,
        bounds=parsed(version),
        facts=_for_change(tx, facts, account, running, now=now) if running else facts,
        pack=limits_of(pack_for(debtor.country)),
        case=case if case is not None and case.state in {"open", "handed_off"} else None,
        running=running,
    )


def _for_change(
    tx: Transaction, facts: Facts, account: Account, running: Agreement, *, now: datetime
) -> Facts:
    """Give the facts of a change: no plan stands beside the new one, and one more change of terms is counted.

    A plan stays under the rules of an account that is late also when it was kept so long that this counts no more.
    """
    aged = re_ages.find_standing(tx, account_id=account.account_id)
    if aged is not None and aged.agreement_id == running.agreement_id:
        late = aged.days_past_due(facts.as_of)
        facts = replace(facts, accounts=tuple(replace(one, days_past_due=late) for one in facts.accounts))
    so_far = versions.count_changes(tx, agreement_id=running.agreement_id, since=now - CHANGES_COUNT_FOR)
    history = replace(facts.history, active_plans=0, renegotiated=so_far + 1)
    return replace(facts, history=history)


def with_course(desk: Desk, course: Course | None) -> Desk:
    """Give a desk on which a training course is asked for; its length sets when the milestones are due."""
    if course is None:
        return desk
    months = int(course.details.get("months", 0))
    facts = replace(desk.facts, wants_training=True, course=course.course_ref, course_months=months)
    return replace(desk, facts=facts)


def parsed(version: BoundsVersion) -> Bounds:
    """Parse a version's body; what is or was in force never changes, so it is parsed once a process."""
    if version.state not in {"active", "retired"}:
        return parse_bounds(version.body)
    if version.bounds_id not in _parsed:
        if len(_parsed) >= _PARSED_MAX:
            _parsed.clear()
        _parsed[version.bounds_id] = parse_bounds(version.body)
    return _parsed[version.bounds_id]


def _version(tx: Transaction, case: Case | None, currency: str, now: datetime) -> BoundsVersion | None:
    """The version pinned to a case holds until its lock ends; then, and without a case, the one in force."""
    if case is not None and case.state == "open":
        pinned = bounds.find_bounds(tx, bounds_id=case.bounds_id)
        if pinned is not None:
            days = parsed(pinned).segments[0].policy.offer_lock_days if parsed(pinned).segments else 0
            if now < case.opened_at + timedelta(days=days):
                return pinned
    return bounds.find_active_bounds(tx, currency=currency)


def load_facts(tx: Transaction, account: Account, debtor: Debtor, *, today: date, now: datetime) -> Facts:
    """Load the facts of an account as they are today; whatever the rules, these are the same."""
    held = accounts.list_holds(tx, account_id=account.account_id, now=now)
    kept = budgets.find_newest(tx, debtor_id=debtor.debtor_id)
    budget = kept if kept is not None and now - kept.recorded_at <= FRESH_BUDGET else None
    active = agreements.find_active(tx, account_id=account.account_id)
    return Facts(
        as_of=today,
        accounts=(
            _account_facts(
                account, debtor, held, today, re_ages.list_moments(tx, account_id=account.account_id)
            ),
        ),
        evidence=budget.evidence if budget else "none",
        budget=budget_of(budget.form) if budget else None,
        flags=("in_breathing_space",) if any(hold.kind == "pause" for hold in held) else (),
        history=PlanHistory(active_plans=1 if active else 0),
    )


def _account_facts(
    account: Account, debtor: Debtor, held: Iterable[Hold], today: date, re_aged: Iterable[datetime]
) -> AccountFacts:
    stops = [hold for hold in held if hold.kind in HOLD_WORDS]
    ends = [hold.until.date() for hold in stops if hold.until is not None]
    return AccountFacts(
        account_ref=account.account_ref,
        currency=account.currency,
        principal_minor=account.principal_minor,
        interest_minor=account.interest_minor,
        fees_minor=account.fees_minor,
        product=account.product,
        apr=account.annual_rate,
        days_past_due=account.days_past_due(today),
        debt_age_days=max((today - account.opened_on).days, 0),
        jurisdiction=debtor.country,
        holder=account.creditor_ref,
        holds=tuple(sorted({HOLD_WORDS[hold.kind] for hold in stops})),
        hold_until=max(ends) if ends else None,
        re_aged_on=tuple(moment.date() for moment in re_aged),
    )


def ensure_case(tx: Transaction, desk: Desk, *, now: datetime) -> Case:
    """Give the open case of the desk's account, opening one where there is none; the account's row is locked.

    A case that was agreed or handed over keeps its record; a new negotiation is a new case.
    """
    if desk.case is not None:
        cases.save_facts(
            tx,
            case_id=desk.case.case_id,
            facts=facts_to_dict(desk.facts),
            bounds_id=desk.version.bounds_id,
            now=now,
        )
        return desk.case
    return cases.open_case(
        tx,
        debtor_id=desk.debtor.debtor_id,
        account_ids=[desk.account.account_id],
        bounds_id=desk.version.bounds_id,
        currency=desk.account.currency,
        facts=facts_to_dict(desk.facts),
        now=now,
    )


def history_of(tx: Transaction, desk: Desk, *, today: date, now: datetime) -> History:
    """Give what the case remembers: asks in the running window, and the offers that still stand."""
    if desk.case is None:
        return History()
    window = timedelta(days=desk.bounds.segments[0].policy.asks_window_days) if desk.bounds.segments else None
    is_running = window is not None and now - desk.case.asks_since < window
    firm = offers.list_firm_offers(tx, case_id=desk.case.case_id, today=today)
    return History(
        asks=desk.case.asks_count if is_running else 0,
        firm=tuple(
            Offer(
                plan=plan_from_dict(kept.plan),
                stage=kept.stage,
                bounds_version=desk.version.version,
                expires_on=kept.expires_on,
                label="firm",
            )
            for kept in firm
        ),
    )


def reason_record(reason: Reason) -> dict[str, Any]:
    """Write a reason down as JSON: the code and its parameters, money as minor units with the currency."""
    return {"code": reason.code, "params": {name: _plain(value) for name, value in reason.params}}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if hasattr(value, "minor"):
        return {"minor": value.minor, "currency": value.currency}
    return value

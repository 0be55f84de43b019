"""What each kind of letter is made from: the facts of an account at this moment, as the core's builders take them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from portal.actions.accounts.view_balance import OTHER, complete
from portal.actions.payments.place_money import open_dues
from portal.core.calendar import local_day
from portal.core.letters import endings, itemizations, notices
from portal.core.letters import money as money_letters
from portal.core.letters.frame import CLOSING, Frame
from portal.core.letters.itemized import DebtFacts, DebtLine, line_key
from portal.core.life.money import final_at
from portal.core.statements import statement
from portal.store import accounts, agreements, books, enrollments, ledger, payments
from portal.store.accounts import Account
from portal.store.agreements import Agreement, Installment
from portal.store.debtors import Debtor
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction

STATEMENT_DAYS = 90
CLOSINGS = "closing"
"""Asks for whichever letter closes an account: paid in full, or settled where something was forgiven."""
PAYMENTS_MAX = 1_000


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which letter is wanted about an account, and what it needs besides.

    `payment_ref` for a receipt, `since` and `until` for a statement, `days` for a quote, `milestone` for a step.
    """

    kind: str
    account_id: UUID
    payment_ref: str | None = None
    since: date | None = None
    until: date | None = None
    days: int = money_letters.QUOTE_DAYS
    milestone: str = ""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What lies ready for a letter: the account (locked), whose it is, the frame, the day there, and the moment."""

    account: Account
    debtor: Debtor
    frame: Frame
    base_url: str
    now: datetime

    @property
    def today(self) -> date:
        """Return the day of the debtor's place, which a letter bears."""
        return self.frame.made_on

    def day_of(self, at: datetime) -> date:
        """Return the day of a moment at the debtor's place."""
        return local_day(now=at, time_zone=self.debtor.time_zone)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter that can be issued: the letter as data, and what it is about."""

    letter: Mapping[str, Any]
    topic: str
    agreement_id: UUID | None = None
    payment_id: UUID | None = None
    valid_until: date | None = None


Gathered = Draft | str
"""A draft, or why there is none: unknown, not_yet, nothing_owed, not_this."""


def gather(tx: Transaction, desk: Desk, wish: Wish) -> Gathered:
    """Make the draft of a letter from what is known now."""
    return _MAKERS[wish.kind](tx, desk, wish)


def _receipt(tx: Transaction, desk: Desk, wish: Wish) -> Gathered:
    paid = payments.find_payment(tx, payment_ref=wish.payment_ref) if wish.payment_ref else None
    if paid is None or paid.account_id != desk.account.account_id:
        return "unknown"
    if paid.receipt_number is None or paid.settled_at is None:
        return "not_yet"
    plan, rows = _plan(tx, desk.account)
    kept = paid.allocation or {}
    facts = money_letters.ReceiptFacts(
        number=paid.receipt_number,
        payment_ref=paid.payment_ref[-12:].upper(),
        amount=paid.amount_minor,
        paid_on=paid.value_on or desk.day_of(paid.settled_at),
        allocation={name: int(kept.get(name, 0)) for name in money_letters.PARTS},
        installments=[(int(number), int(part)) for number, part in kept.get("installments", ())],
        given_back=paid.refunded_minor + paid.returned_minor,
        balance=desk.account.balance_minor,
        plan_left=sum(row.left_minor for row in rows) if plan else None,
    )
    return Draft(
        letter=money_letters.receipt(desk.frame, facts),
        topic=f"receipt:{paid.payment_id.hex}",
        agreement_id=paid.agreement_id,
        payment_id=paid.payment_id,
    )


def _statement(tx: Transaction, desk: Desk, wish: Wish) -> Gathered:
    until = min(wish.until or desk.today, desk.today)
    since = min(wish.since or until - timedelta(days=STATEMENT_DAYS), until)
    plan, rows = _plan(tx, desk.account)
    following = next((row for row in rows if row.left_minor), None)
    effects = books.list_effects(tx, account_id=desk.account.account_id, since=since)
    facts = money_letters.StatementFacts(
        statement=statement(balance=desk.account.balance_minor, effects=effects, since=since, until=until),
        next_due_on=following.due_on if following else None,
        next_amount=following.left_minor if following else 0,
    )
    return Draft(
        letter=money_letters.account_statement(desk.frame, facts),
        topic=f"statement:{since}:{until}",
        agreement_id=plan.agreement_id if plan else None,
    )


def _payoff(tx: Transaction, desk: Desk, wish: Wish) -> Gathered:
    plan, rows = _plan(tx, desk.account)
    account = desk.account
    facts = money_letters.PayoffFacts(
        today=desk.today,
        balance=account.balance_minor,
        dues=open_dues(rows) if any(row.left_minor for row in rows) else (),
        starts_on=plan.signed_at.date() if plan and plan.signed_at else None,
        principal=account.principal_minor,
        annual_rate=account.annual_rate,
        days=wish.days,
    )
    if money_letters.payoff_on(facts, desk.today) <= 0:
        return "nothing_owed"
    return Draft(
        letter=money_letters.payoff_quote(desk.frame, facts),
        topic="payoff_quote",
        agreement_id=plan.agreement_id if plan else None,
        valid_until=desk.today + timedelta(days=wish.days),
    )


def _closing(tx: Transaction, desk: Desk, wish: Wish) -> Gathered:
    account = desk.account
    paid = payments.list_payments(tx, account_id=account.account_id, limit=PAYMENTS_MAX)
    arrived = [(one.settled_at, one.method or "") for one in paid if one.settled_at and _counts(one)]
    final = final_at(arrived)
    is_over = account.state in {"settled", "closed"} and not account.balance_minor
    if not is_over or final is None or final > desk.now:
        return "not_yet"
    waived = ledger.book_totals(tx, account_id=account.account_id).get("waived", 0)
    kind = "settled" if waived > 0 else "paid_in_full"
    if wish.kind not in {kind, CLOSINGS}:
        return "not_this"
    plan = agreements.find_newest_signed(tx, account_id=account.account_id)
    plan = plan if plan is not None and plan.state == "completed" else None
    ended_at = plan.ended_at if plan and plan.ended_at else max(at for at, _ in arrived)
    facts = endings.EndingFacts(
        paid=sum(_placed(one) for one in paid if _counts(one)),
        waived=waived,
        ended_on=desk.day_of(ended_at),
        agreement=plan.agreement_ref[-12:].upper() if plan else "",
        accounts=_covered(tx, plan),
    )
    make = endings.settled if waived > 0 else endings.paid_in_full
    return Draft(
        letter=make(desk.frame, facts), topic="closing", agreement_id=plan.agreement_id if plan else None
    )


def _counts(payment: Payment) -> bool:
    return payment.state in {"succeeded", "refunded", "disputed"}


def _placed(payment: Payment) -> int:
    kept = payment.allocation or {}
    return sum(int(kept.get(name, 0)) for name in money_letters.PARTS if name != "credit")


def _milestone(tx: Transaction, desk: Desk, wish: Wish) -> Gathered:
    plan = agreements.find_newest_signed(tx, account_id=desk.account.account_id)
    place = enrollments.find_enrollment(tx, agreement_id=plan.agreement_id) if plan else None
    if plan is None or place is None:
        return "unknown"
    steps = enrollments.list_milestones(tx, enrollment_id=place.enrollment_id)
    own = [one for one in steps if one.kind == wish.milestone]
    reached = [one.verified_at for one in own if one.verified_at is not None]
    if not own:
        return "unknown"
    if not reached:
        return "not_yet"
    course = known(enrollments.find_course(tx, course_id=place.course_id))
    rows = agreements.list_installments(tx, agreement_id=plan.agreement_id)
    facts = endings.MilestoneFacts(
        kind=wish.milestone,
        course=_title(course.titles, desk.frame.language),
        provider=course.provider_name,
        confirmed_on=desk.day_of(max(reached)),
        steps=[
            endings.Step(
                kind=one.kind,
                due_by=one.due_by,
                is_confirmed=one.state == "verified",
                worth=int(one.reward.get("worth", 0)),
            )
            for one in steps
        ],
        plan_left=sum(row.left_minor for row in rows if row.state != "moved"),
        accounts=_covered(tx, plan),
    )
    return Draft(
        letter=endings.milestone(desk.frame, facts),
        topic=f"milestone:{place.enrollment_id.hex}:{wish.milestone}",
        agreement_id=plan.agreement_id,
    )


def _covered(tx: Transaction, plan: Agreement | None) -> list[tuple[str, str]]:
    """List the accounts of a plan in the order of their numbers, each with its company."""
    ids = agreements.list_account_ids(tx, agreement_id=plan.agreement_id) if plan else []
    covered = [known(accounts.find_account(tx, account_id=one)) for one in ids]
    return sorted((one.account_ref, one.brand_name) for one in covered)


def _title(titles: Mapping[str, str], language: str) -> str:
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")


def _validation(tx: Transaction, desk: Desk, wish: Wish) -> Gathered:
    answer_at = f"{desk.base_url}/me/accounts/{desk.account.account_id}/wrong"
    letter = notices.validation_notice(desk.frame, _debt(tx, desk), answer_at=answer_at)
    return Draft(letter=letter, topic=wish.kind)


def _itemization(tx: Transaction, desk: Desk, wish: Wish) -> Gathered:
    facts = _debt(tx, desk)
    letter = itemizations.itemization(desk.frame, facts, annual_rate=desk.account.annual_rate)
    return Draft(letter=letter, topic=wish.kind)


def _debt(tx: Transaction, desk: Desk) -> DebtFacts:
    """Give the debt line by line; what changed after the lines were told is of the day of the balance."""
    account, as_of = desk.account, desk.day_of(desk.account.as_of)
    lines = complete(accounts.list_lines(tx, account_id=account.account_id), account.balance_minor)
    return DebtFacts(
        balance=account.balance_minor,
        principal=account.principal_minor,
        interest=account.interest_minor,
        fees=account.fees_minor,
        lines=[
            DebtLine(
                key=line_key(line.kind, line.label_key),
                on=as_of if line.kind == OTHER and len(lines) > 1 else line.on_date,
                amount=line.amount_minor,
            )
            for line in lines
        ],
        opened_on=account.opened_on,
        last_payment_on=account.last_payment_on,
        as_of=as_of,
    )


def _plan(tx: Transaction, account: Account) -> tuple[Agreement | None, list[Installment]]:
    plan = agreements.find_active(tx, account_id=account.account_id)
    return plan, agreements.list_installments(tx, agreement_id=plan.agreement_id) if plan else []


_MAKERS: Mapping[str, Callable[[Transaction, Desk, Wish], Gathered]] = MappingProxyType(
    {
        "receipt": _receipt,
        "statement": _statement,
        "payoff_quote": _payoff,
        "milestone": _milestone,
        "validation_notice": _validation,
        "itemization": _itemization,
        **dict.fromkeys((*CLOSING, CLOSINGS), _closing),
    }
)

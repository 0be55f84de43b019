"""One account: its figures, its person (closed), what runs on it, and everything that happened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, request

from portal.actions.accounts.reveal_person import is_revealed
from portal.core.contact import ContactDecision, may_contact
from portal.core.letters.frame import CLOSING, ON_DEMAND, Sender
from portal.core.letters.letterhead import sender_of
from portal.core.letters.needs import FIRST_LETTERS, can_make
from portal.core.money import Money
from portal.core.packs.rules import pack_for
from portal.store import (
    accounts,
    agreements,
    cases,
    contacts,
    debtors,
    disputes,
    event_pages,
    handoffs,
    lenders,
    letters,
    messages,
    offers,
    payments,
    re_ages,
)
from portal.store.accounts import Account, Hold
from portal.store.agreements import Agreement, Installment
from portal.store.cases import Case
from portal.store.debtors import Debtor, Person
from portal.store.disputes import Dispute
from portal.store.event_pages import ToldEvent
from portal.store.handoffs import Handoff
from portal.store.letters import KeptLetter
from portal.store.messages import Message
from portal.store.offers import KeptOffer
from portal.store.payments import Payment
from portal.store.re_ages import ReAge
from portal.store.rows import known
from portal.store.work import Transaction
from portal.web.access import staff
from portal.web.context import portal, visitor, work
from portal.web.forms import Form
from portal.web.lender.accounts import read_id
from portal.web.lender.desk import PAGE_ROWS, show, today
from portal.web.lender.forms import AdjustForm, HoldForm, RecallForm, RevealForm
from portal.web.lender.timeline import shown_event
from portal.web.letter_words import LETTERS
from portal.web.lines import ShownLine, show_lines

blueprint = Blueprint("lender_account", __name__)
EVENTS_SHOWN = 25
LETTERS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The newest agreement with its installments."""

    agreement: Agreement
    rows: list[Installment]


@dataclass(frozen=True, kw_only=True)
class AccountFile:
    """All that one page shows of an account."""

    account: Account
    debtor: Debtor
    person: Person | None
    lines: list[ShownLine]
    holds: list[Hold]
    case: Case | None
    offers: list[KeptOffer]
    handoff: Handoff | None
    dispute: Dispute | None
    plan: Plan | None
    payments: list[Payment]
    messages: list[Message]
    letters: list[KeptLetter]
    re_age: ReAge | None
    country: str
    sender: Sender
    contact: ContactDecision
    events: list[ToldEvent]

    @property
    def balance(self) -> Money:
        """What is owed."""
        return Money(self.account.balance_minor, self.account.currency)

    def money(self, minor: int) -> Money:
        """Give an amount in the account's currency."""
        return Money(minor, self.account.currency)


@blueprint.get("/lender/accounts/<uuid:account_id>")
@staff()
def show_account(account_id: UUID) -> Response:
    """Show one account of this lender; anybody else's does not exist."""
    return account_page(account_id)


def account_page(account_id: UUID, *, status: int = 200, **forms: Form) -> Response:
    """Render the page of an account, with the forms that were posted and need another look."""
    with work().read() as tx:
        found = load_file(tx, account_id, now=portal().clock.now())
    if found is None:
        abort(404)
    return show(
        "lender/account.html",
        status=status,
        file=found,
        events=[shown_event(event) for event in found.events[:EVENTS_SHOWN]],
        has_more=len(found.events) > EVENTS_SHOWN,
        days_past_due=found.account.days_past_due(today()),
        letter_names=LETTERS,
        letter_kinds=[
            kind
            for kind in (*ON_DEMAND, *CLOSING, *FIRST_LETTERS)
            if can_make(kind, found.country, found.sender)
        ],
        **(forms_of(found.account) | forms),
    )


def forms_of(account: Account) -> dict[str, Form]:
    """Make the empty forms of an account's page."""
    return {
        "look_form": RevealForm(formdata=None),
        "hold_form": HoldForm(formdata=None),
        "recall_form": RecallForm(formdata=None),
        "adjust_form": AdjustForm(formdata=None, currency=account.currency),
    }


def load_file(tx: Transaction, account_id: UUID, *, now: datetime) -> AccountFile | None:
    """Load an account's file; the person only where this visit has them open."""
    account = accounts.find_account(tx, account_id=account_id)
    debtor = debtors.find_debtor(tx, debtor_id=account.debtor_id) if account else None
    if account is None or debtor is None:
        return None
    case = cases.find_case_of_account(tx, account_id=account_id)
    is_open = is_revealed(visitor().state, account_id=account_id, now=now)
    return AccountFile(
        account=account,
        debtor=debtor,
        person=debtors.load_person(tx, debtor_id=debtor.debtor_id) if is_open else None,
        lines=show_lines(accounts.list_lines(tx, account_id=account_id), account=account),
        holds=accounts.list_holds(tx, account_id=account_id, now=now),
        case=case,
        offers=offers.list_firm_offers(tx, case_id=case.case_id, today=now.date()) if case else [],
        handoff=_waiting(tx, account),
        dispute=disputes.find_open_dispute(tx, account_id=account_id),
        plan=_plan(tx, account_id),
        payments=payments.list_payments(tx, account_id=account_id, limit=20),
        messages=messages.list_messages_of(tx, debtor_id=debtor.debtor_id, limit=10),
        letters=letters.list_letters(tx, account_id=account_id, limit=LETTERS_SHOWN),
        re_age=re_ages.find_standing(tx, account_id=account_id),
        country=debtor.country,
        sender=_sender(tx),
        contact=may_contact(
            pack=pack_for(debtor.country),
            standing=contacts.load_standing(tx, debtor=debtor, now=now),
            now=now,
            is_requested=False,
            is_collection=True,
        ),
        events=event_pages.list_events_of_account(
            tx, account_ref=account.account_ref, debtor_ref=debtor.debtor_ref, limit=EVENTS_SHOWN + 1
        ),
    )


def _waiting(tx: Transaction, account: Account) -> Handoff | None:
    """Give what waits for a person on the account."""
    found = handoffs.list_handoffs_of(tx, debtor_id=account.debtor_id)
    return next(
        (one for one in found if one.account_id == account.account_id and one.state == "waiting"), None
    )


def _sender(tx: Transaction) -> Sender:
    lender = known(lenders.find_lender(tx, lender_id=tx.lender_id))
    return sender_of(lender.settings, lender_name=lender.name)


def _plan(tx: Transaction, account_id: UUID) -> Plan | None:
    agreement = agreements.find_active(tx, account_id=account_id) or agreements.find_newest_signed(
        tx, account_id=account_id
    )
    if agreement is None:
        return None
    return Plan(
        agreement=agreement, rows=agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    )


@blueprint.get("/lender/accounts/<uuid:account_id>/events")
@staff()
def show_events(account_id: UUID) -> Response:
    """Show everything that happened on an account, 50 a page, newest first."""
    before = read_id(request.args.get("before"))
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        debtor = debtors.find_debtor(tx, debtor_id=account.debtor_id) if account else None
        if account is None or debtor is None:
            abort(404)
        found = event_pages.list_events_of_account(
            tx,
            account_ref=account.account_ref,
            debtor_ref=debtor.debtor_ref,
            limit=PAGE_ROWS + 1,
            before=before,
        )
    path = f"/lender/accounts/{account_id}"
    more = f"{path}/events?before={found[PAGE_ROWS - 1].id}" if len(found) > PAGE_ROWS else ""
    return show(
        "lender/account_events.html",
        account=account,
        events=[shown_event(event) for event in found[:PAGE_ROWS]],
        path=path,
        more=more,
        is_later_page=before is not None,
    )

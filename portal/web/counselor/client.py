"""One client's page: exactly what the client granted, and every visit is told to them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.accounts.view_balance import complete
from portal.actions.grants.revoke_grant import return_grant
from portal.actions.grants.view_client import view_client
from portal.actions.proposals.propose_for_client import Counselor
from portal.core.calendar import local_day
from portal.core.money import Money
from portal.store import accounts, agreements, budgets, caseload, feeds, lenders, letters, payments, proposals
from portal.store.accounts import Account
from portal.store.agreements import Agreement, Installment
from portal.store.caseload import Client
from portal.store.grants import Grant
from portal.store.letters import KeptLetter
from portal.store.payments import Payment
from portal.store.proposals import ShownProposal
from portal.store.work import Transaction, Work
from portal.web.access import counselor
from portal.web.context import Brand, portal, show_brand, visitor
from portal.web.counselor.caseload import left_over
from portal.web.counselor.feed import OUTCOMES, FeedLine, feed_lines
from portal.web.guests import GuestHere, guest_here
from portal.web.htmx import see_other
from portal.web.letter_words import LETTERS
from portal.web.lines import ShownLine, show_lines

blueprint = Blueprint("counselor_client", __name__)
PAYMENTS_SHOWN = 6
LETTERS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class OpenClient:
    """A client whose grant holds now: where to read, under which grant, and who they are."""

    work: Work
    slug: str
    lender: str
    grant: Grant
    client: Client
    me: GuestHere

    @property
    def path(self) -> str:
        return f"/counselor/clients/{self.slug}/{self.grant.grant_ref}"

    @property
    def today(self) -> date:
        return local_day(now=portal().clock.now(), time_zone=self.client.time_zone)

    @property
    def counselor(self) -> Counselor:
        return Counselor(counselor_id=self.me.guest_id, agency_id=self.me.house_id)


@dataclass(frozen=True, kw_only=True)
class AccountSheet:
    """One account as the counselor sees it."""

    account: Account
    lines: list[ShownLine]
    agreement: Agreement | None
    rows: list[Installment]
    payments: list[tuple[Payment, Money]]
    letters: list[KeptLetter]

    @property
    def balance(self) -> Money:
        return Money(self.account.balance_minor, self.account.currency)

    @property
    def next_row(self) -> Installment | None:
        return next((row for row in self.rows if row.left_minor), None)

    @property
    def next_amount(self) -> Money:
        return Money(self.next_row.left_minor if self.next_row else 0, self.account.currency)

    @property
    def left(self) -> Money:
        return Money(sum(row.left_minor for row in self.rows), self.account.currency)

    @property
    def count_paid(self) -> int:
        return sum(1 for row in self.rows if not row.left_minor)


@dataclass(frozen=True, kw_only=True)
class BudgetSums:
    """The sums of a budget and who gave them."""

    income: Money
    spending: Money
    left_over: Money
    is_advisers: bool
    recorded_on: date


def open_client(slug: str, grant_ref: str, *, scope: str = "") -> OpenClient:
    """Open a client's file under a grant that holds at this moment; anything else does not exist."""
    me, now = guest_here(), portal().clock.now()
    database = portal().database
    with database.shared().read() as shared:
        lender = lenders.find_lender(shared, slug=slug) if slug.isprintable() else None
    if lender is None or not grant_ref.isascii():
        abort(404)
    work = database.work(lender.lender_id)
    grant = view_client(
        work,
        grant_ref=grant_ref,
        counselor_id=me.guest_id,
        agency_id=me.house_id,
        visit_started_at=visitor().started_at,
        now=now,
    )
    if grant is None or (scope and not grant.allows(scope)):
        abort(404)
    with work.read() as tx:
        client = caseload.list_names(tx, debtor_ids=[grant.debtor_id])[grant.debtor_id]
    show_brand(Brand(name=me.house_name, time_zone=client.time_zone))
    return OpenClient(work=work, slug=slug, lender=lender.name, grant=grant, client=client, me=me)


def own_account(opened: OpenClient, account_id: UUID) -> Account:
    """Find an account of the client; anybody else's does not exist."""
    with opened.work.read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
    if (
        account is None
        or account.debtor_id != opened.grant.debtor_id
        or account.state in {"recalled", "closed"}
    ):
        abort(404)
    return account


@blueprint.get("/counselor/clients/<slug>/<grant_ref>")
@counselor
def show_client(slug: str, grant_ref: str) -> Response:
    """Show what the grant allows."""
    opened = open_client(slug, grant_ref)
    grant, debtor_id = opened.grant, opened.grant.debtor_id
    with opened.work.read() as tx:
        own = accounts.list_accounts_of(tx, debtor_id=debtor_id)
        sheets = [_sheet(tx, account) for account in own] if grant.allows("view") else []
        proposed = _proposed(tx, opened) if grant.allows("propose") else []
        sums = _sums(tx, debtor_id, own) if grant.allows("budget") else None
        feed = _feed(tx, opened) if grant.allows("view") else []
    page = render_template(
        "counselor/client.html",
        opened=opened,
        own=own,
        sheets=sheets,
        proposed=proposed,
        sums=sums,
        feed=feed,
        letter_names=LETTERS,
    )
    return make_response(page)


def _sheet(tx: Transaction, account: Account) -> AccountSheet:
    lines = complete(accounts.list_lines(tx, account_id=account.account_id), account.balance_minor)
    agreement = agreements.find_active(tx, account_id=account.account_id) or agreements.find_newest_signed(
        tx, account_id=account.account_id
    )
    made = payments.list_payments(tx, account_id=account.account_id)
    return AccountSheet(
        account=account,
        lines=[
            ShownLine(label=line.label, amount=line.amount, why="")
            for line in show_lines(lines, account=account)
        ],
        agreement=agreement,
        rows=agreements.list_installments(tx, agreement_id=agreement.agreement_id) if agreement else [],
        payments=[
            (one, Money(one.amount_minor, one.currency))
            for one in made
            if one.state not in {"started", "canceled"}
        ][:PAYMENTS_SHOWN],
        letters=letters.list_letters(tx, account_id=account.account_id, limit=LETTERS_SHOWN),
    )


def _proposed(tx: Transaction, opened: OpenClient) -> list[ShownProposal]:
    grant = opened.grant
    return [
        one for _, one in proposals.list_proposals(tx, debtor_ids=[grant.debtor_id], grant_id=grant.grant_id)
    ]


def _sums(tx: Transaction, debtor_id: UUID, own: list[Account]) -> BudgetSums | None:
    kept = budgets.find_newest(tx, debtor_id=debtor_id)
    if kept is None or not own:
        return None
    currency = own[0].currency
    return BudgetSums(
        income=Money(int(kept.form["income_minor"]), currency),
        spending=Money(int(kept.form["outgoings_minor"]), currency),
        left_over=Money(left_over(kept.form), currency),
        is_advisers=kept.evidence == "adviser",
        recorded_on=kept.recorded_at.date(),
    )


def _feed(tx: Transaction, opened: OpenClient) -> list[FeedLine]:
    found = feeds.list_happenings(tx, debtor_ref=opened.client.debtor_ref, types=tuple(OUTCOMES), limit=20)
    return feed_lines(found)


@blueprint.post("/counselor/clients/<slug>/<grant_ref>/return")
@counselor
def hand_back(slug: str, grant_ref: str) -> Response:
    """Hand a client back: the grant ends now."""
    opened = open_client(slug, grant_ref)
    return_grant(
        opened.work,
        grant_ref=grant_ref,
        counselor_id=opened.me.guest_id,
        agency_id=opened.me.house_id,
        now=portal().clock.now(),
    )
    return see_other("/counselor/")

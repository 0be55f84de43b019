"""What a counselor's machine may do for a client: record a budget, propose a plan. It never signs and never pays."""

from typing import cast

from flask import Blueprint, Response, request

from portal.actions.proposals.propose_for_client import NotProposed, propose_for_client
from portal.actions.proposals.record_client_budget import record_client_budget
from portal.core.calendar import Frequency, local_day
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.facts import Budget
from portal.store import accounts, debtors, enrollments, proposals
from portal.store.accounts import Account
from portal.store.debtors import Debtor
from portal.store.enrollments import Course
from portal.store.rows import known
from portal.store.work import Transaction
from portal.web.access import guest_caller
from portal.web.api import views
from portal.web.api.client_models import BudgetBody, BudgetView, ProposalBody, ProposalView, SumBody
from portal.web.api.clients import OpenClient, calling, open_client, proposal_view
from portal.web.api.idempotency import HEADER
from portal.web.api.models import Money
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import Route, json_answer, route
from portal.web.context import portal
from portal.web.pace import on_the_grid

blueprint = Blueprint("api_client_acts", __name__)


def _own_account(tx: Transaction, opened: OpenClient, ref: str) -> Account:
    """Find an open account of the client; anybody else's does not exist."""
    account = accounts.find_account(tx, account_ref=views.account_ref(ref))
    is_own = account is not None and account.debtor_id == opened.grant.debtor_id
    if account is None or not is_own or account.state in {"recalled", "closed"}:
        raise refuse_field(
            "/account", "unknown", "The client has no such account.", "Send one of the file's."
        )
    return account


@route(
    blueprint,
    Route(
        method="POST",
        path="/clients/{client}/budget",
        scope="clients:write",
        caller="counselor",
        summary="Record a client's budget; it counts as an adviser's",
        body=BudgetBody,
        answers={200: BudgetView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def add_budget(client: str, body: BudgetBody) -> Response:
    opened = open_client(client, scope="budget")
    with opened.work.read() as tx:
        account = _own_account(tx, opened, body.account)
    budget = Budget(
        income_minor=_minor(body.income, account, "income"),
        outgoings_minor=_minor(body.outgoings, account, "outgoings"),
        savings_minor=_minor(body.savings, account, "savings"),
        cash_minor=_minor(body.cash, account, "cash"),
    )
    done = record_client_budget(
        opened.work,
        counselor=calling(),
        grant_ref=opened.grant.grant_ref,
        account_id=account.account_id,
        budget=budget,
        now=portal().clock.now(),
    )
    if not done:
        raise not_found("client")
    left_over = Money(minor=max(budget.surplus_minor, 0), currency=account.currency)
    return json_answer(BudgetView(left_over=left_over))


def _minor(amount: SumBody | None, account: Account, field: str) -> int:
    if amount is None:
        return 0
    if amount.currency != account.currency:
        fix = f"Send it in {account.currency}."
        raise refuse_field(f"/{field}/currency", "other", "The account has another currency.", fix)
    return amount.minor


@route(
    blueprint,
    Route(
        method="POST",
        path="/clients/{client}/proposals",
        scope="clients:write",
        caller="counselor",
        summary="Propose a plan in a client's name; the client alone can sign it",
        body=ProposalBody,
        answers={200: ProposalView},
        problems=(400, 404, 409, 415, 422),
    ),
)
@on_the_grid
def add_proposal(client: str, body: ProposalBody) -> Response:
    opened = open_client(client, scope="propose")
    with opened.work.read() as tx:
        account = _own_account(tx, opened, body.account)
        debtor = known(debtors.find_debtor(tx, debtor_id=opened.grant.debtor_id))
        course = _course(tx, body, debtor)
    now = portal().clock.now()
    done = propose_for_client(
        opened.work,
        counselor=calling(),
        grant_ref=opened.grant.grant_ref,
        account_id=account.account_id,
        ask=Ask(
            family=body.family or "",
            pay_minor=_minor(body.payment, account, "payment"),
            freq=cast("Frequency", body.frequency),
            months=body.months,
        ),
        course=course,
        words=body.words or None,
        form_token=f"{guest_caller().api_key_id}:{request.headers[HEADER]}",
        today=local_day(now=now, time_zone=debtor.time_zone),
        now=now,
    )
    if isinstance(done, NotProposed):
        raise _not_proposed(done.reason)
    with opened.work.read() as tx:
        found = proposals.list_proposals(tx, debtor_ids=[debtor.debtor_id], grant_id=opened.grant.grant_id)
    shown = next(one for _, one in found if one.proposal.proposal_ref == done.proposal_ref)
    return json_answer(proposal_view(shown, debtor))


def _course(tx: Transaction, body: ProposalBody, debtor: Debtor) -> Course | None:
    """Give the course that was named, or the first open one; raises RefusedError where there is none."""
    if body.family != "skills":
        if body.course is not None:
            raise refuse_field("/course", "not_here", "Only the family skills has a course.", "Leave it out.")
        return None
    offered = enrollments.list_courses(tx, country=debtor.country)
    found = [one for one in offered if body.course in (None, one.course_ref)]
    if not found:
        refs = ", ".join(one.course_ref for one in offered) or "none"
        raise refuse_field("/course", "unknown", "There is no such open course.", f"Open: {refs}.")
    return found[0]


def _not_proposed(reason: str) -> RefusedError:
    if reason == "no_grant":
        return not_found("client")
    return RefusedError(409, "Nothing can be proposed now", detail="The lender has no rules in force for it.")

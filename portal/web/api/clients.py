"""What a counselor's machine may do: see the counselor's clients, record a budget, propose a plan.

Each call asks for the client's consent again. Nothing here signs or pays, and no name leaves by it: a client is the
grant that they gave, at one lender.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from flask import Blueprint, Response

from portal.actions.grants.view_client import view_client
from portal.actions.proposals.propose_for_client import Counselor
from portal.core.calendar import local_day
from portal.core.negotiation.facts import budget_of
from portal.core.plans.record import plan_from_dict
from portal.core.plans.telling import plan_payload
from portal.store import (
    accounts,
    agreements,
    budgets,
    debtors,
    grants,
    guest_lenders,
    lenders,
    proposals,
)
from portal.store.accounts import Account
from portal.store.debtors import Debtor
from portal.store.grants import Grant
from portal.store.proposals import ShownProposal
from portal.store.rows import known
from portal.store.work import Transaction, Work
from portal.web.access import guest_caller
from portal.web.api import paging, views
from portal.web.api.client_models import (
    ClientAccount,
    ClientFile,
    ClientPage,
    ClientView,
    ProposalView,
)
from portal.web.api.models import Money
from portal.web.api.problems import RefusedError, not_found
from portal.web.api.routes import Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_clients", __name__)
_SEPARATOR = "."  # a grant has none


@dataclass(frozen=True, kw_only=True)
class OpenClient:
    """A client whose grant holds now, and where to read."""

    work: Work
    slug: str
    grant: Grant


def calling() -> Counselor:
    """Give the counselor whose key calls."""
    key = guest_caller()
    return Counselor(counselor_id=key.guest_id, agency_id=key.house_id)


def open_client(client: str, *, scope: str = "") -> OpenClient:
    """Open a client under a grant that holds at this moment; raises RefusedError (404, or 403 for the scope)."""
    slug, _, grant_ref = views.plain(client, "client").rpartition(_SEPARATOR)
    database, now = portal().database, portal().clock.now()
    with database.shared().read() as shared:
        lender = lenders.find_lender(shared, slug=slug)
    if lender is None:
        raise not_found("client")
    work = database.work(lender.lender_id)
    day = datetime.combine(now.date(), time(), UTC)
    grant = view_client(work, grant_ref=grant_ref, visit_started_at=day, now=now, **vars(calling()))
    if grant is None:
        raise not_found("client")
    if scope and not grant.allows(scope):
        raise RefusedError(
            403, "The client did not consent to this", detail=f"It needs the scope {scope} of the consent."
        )
    return OpenClient(work=work, slug=slug, grant=grant)


@route(
    blueprint,
    Route(
        method="GET",
        path="/clients",
        scope="clients:read",
        caller="counselor",
        summary="List your clients' consents in the order in which they were given",
        answers={200: ClientPage},
        problems=(400,),
        queries=(paging.AFTER_ID, paging.LIMIT),
    ),
)
def list_clients() -> Response:
    """Read one lender after another, each in its own transaction, and join here."""
    most, after, now = paging.limit(), paging.after_id(), portal().clock.now()
    database, found = portal().database, list[tuple[str, Grant]]()
    with database.shared().read() as shared:
        served = guest_lenders.list_lenders(shared, house_id=guest_caller().house_id)
    for lender_id, slug, _name in served:
        with database.work(lender_id).read() as tx:
            own = grants.page_clients(tx, after=after, limit=most + 1, now=now, **vars(calling()))
        found += [(slug, grant) for grant in own]
    found.sort(key=lambda pair: pair[1].grant_id)
    page, last = paging.cut(found, most)
    shown = [ClientView(**_consent(slug, grant)) for slug, grant in page]
    return json_answer(ClientPage(clients=shown, next=str(last[1].grant_id) if last else None))


def _consent(slug: str, grant: Grant) -> dict[str, Any]:
    return {
        "id": f"{slug}{_SEPARATOR}{grant.grant_ref}",
        "grant": grant.grant_ref,
        "lender": slug,
        "scopes": list(grant.scopes),
        "until": grant.expires_at.date(),
    }


@route(
    blueprint,
    Route(
        method="GET",
        path="/clients/{client}",
        scope="clients:read",
        caller="counselor",
        summary="See a client as far as the consent goes",
        answers={200: ClientFile},
        problems=(404,),
    ),
)
def show_client(client: str) -> Response:
    opened = open_client(client)
    grant = opened.grant
    with opened.work.read() as tx:
        own = accounts.list_accounts_of(tx, debtor_id=grant.debtor_id)
        view = ClientFile(
            **_consent(opened.slug, grant),
            accounts=[_account(tx, one, may_view=grant.allows("view")) for one in own],
            left_over=_left_over(tx, grant, own) if grant.allows("budget") else None,
            proposals=_proposals(tx, grant) if grant.allows("propose") else None,
        )
    return json_answer(view)


def _account(tx: Transaction, one: Account, *, may_view: bool) -> ClientAccount:
    agreement = agreements.find_active(tx, account_id=one.account_id) if may_view else None
    return ClientAccount(
        ref=one.account_ref,
        currency=one.currency,
        balance=Money(minor=one.balance_minor, currency=one.currency) if may_view else None,
        agreement=agreement.agreement_ref if agreement else None,
    )


def _left_over(tx: Transaction, grant: Grant, own: Sequence[Account]) -> Money | None:
    kept = budgets.find_newest(tx, debtor_id=grant.debtor_id)
    if kept is None or not own:
        return None
    return Money(minor=max(budget_of(kept.form).surplus_minor, 0), currency=own[0].currency)


def _proposals(tx: Transaction, grant: Grant) -> list[ProposalView]:
    found = proposals.list_proposals(tx, debtor_ids=[grant.debtor_id], grant_id=grant.grant_id)
    debtor = known(debtors.find_debtor(tx, debtor_id=grant.debtor_id))
    return [proposal_view(one, debtor) for _, one in found]


def proposal_view(one: ShownProposal, debtor: Debtor) -> ProposalView:
    """Show a proposal with its answer, as it stands on the client's day."""
    today = local_day(now=portal().clock.now(), time_zone=debtor.time_zone)
    answer = one.proposal.answer
    return ProposalView(
        id=one.proposal.proposal_ref,
        proposed_on=one.proposal.proposed_at.date(),
        answer=answer["kind"],
        reasons=[reason["code"] for reason in answer["codes"]],
        offer=one.offer_ref,
        open_until=one.expires_on if one.stands(today) else None,
        terms=plan_payload(plan_from_dict(one.plan)) if one.plan else None,
    )

"""Plans side by side, and one offer on its way to an agreement."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.agreements.prepare_agreement import OfferWaits, Prepared, prepare_agreement
from portal.actions.cases.ask_approval import is_cleared
from portal.actions.cases.choose_plan import Chosen, Trail, choose_plan, wish_like
from portal.actions.cases.desk import NoDesk
from portal.actions.cases.show_offers import show_offers
from portal.core.negotiation.pareto import unbeaten
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_from_dict
from portal.store import accounts, approvals, cases, offers
from portal.store.offers import KeptOffer
from portal.store.rows import known
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.agreement_text import agreement_text
from portal.web.debtor.today import today_of_visitor
from portal.web.forms import posted_token
from portal.web.htmx import see_other, wants_fragment
from portal.web.language import gettext as _
from portal.web.plan_words import PlanWords, Step, milestone_steps, plan_words, title_of

blueprint = Blueprint("debtor_offers", __name__)


@dataclass(frozen=True, kw_only=True)
class Card:
    """One plan of the comparison."""

    offer: KeptOffer
    plan: Plan
    title: str
    fact: str
    words: PlanWords
    milestones: tuple[Step, ...]


@blueprint.post("/me/accounts/<uuid:account_id>/offers")
@debtor
def make_menu(account_id: UUID) -> Response:
    """Make the plans to compare; from now on they are firm."""
    now = portal().clock.now()
    shown = show_offers(
        work(),
        account_id=account_id,
        debtor_id=visitor().subject_id,
        today=today_of_visitor(now),
        now=now,
    )
    if isinstance(shown, NoDesk):
        abort(404)
    return see_other(f"/me/accounts/{account_id}/offers")


@blueprint.get("/me/accounts/<uuid:account_id>/offers")
@debtor
def compare(account_id: UUID) -> Response:
    """Show the firm offers of an account side by side, the lowest payment first, none chosen beforehand."""
    today = today_of_visitor(portal().clock.now())
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        if account is None or account.debtor_id != visitor().subject_id:
            abort(404)
        case = cases.find_case_of_account(tx, account_id=account_id)
        firm = offers.list_firm_offers(tx, case_id=case.case_id, today=today) if case else []
    cards = cards_of(worth_showing([offer for offer in firm if offer.family != "breathing_space"]))
    path = f"/me/accounts/{account_id}"
    return make_response(render_template("debtor/compare.html", cards=cards, account=account, path=path))


def worth_showing(firm: list[KeptOffer]) -> list[KeptOffer]:
    """Leave out offers that another one beats: they stay firm, but nobody need choose a dearer one by mistake."""
    plans = [plan_from_dict(offer.plan) for offer in firm]
    kept = unbeaten(plans)
    return [offer for offer, plan in zip(firm, plans, strict=True) if any(plan is one for one in kept)]


def cards_of(firm: list[KeptOffer], *, among: list[KeptOffer] | None = None) -> list[Card]:
    """Make the cards of offers: the lowest payment first, single payments last.

    `among` is all that the page shows, where that is more: what is lowest is the lowest of the whole page.
    """
    plans = [(offer, plan_from_dict(offer.plan)) for offer in firm]
    plans.sort(key=lambda pair: (len(pair[1].schedule) == 1, pair[1].payment, pair[1].total, pair[1].id))
    shown = [plan_from_dict(offer.plan) for offer in among] if among else [plan for _, plan in plans]
    lowest_total = min((plan.total for plan in shown), default=0)
    lowest_each = min((plan.payment for plan in shown if len(plan.schedule) > 1), default=0)
    return [
        Card(
            offer=offer,
            plan=plan,
            title=title_of(plan),
            fact=_fact(plan, lowest_total=lowest_total, lowest_each=lowest_each) if len(shown) > 1 else "",
            words=plan_words(plan),
            milestones=milestone_steps(plan),
        )
        for offer, plan in plans
    ]


def _fact(plan: Plan, *, lowest_total: int, lowest_each: int) -> str:
    facts = []
    if plan.total == lowest_total:
        facts.append(_("Lowest total"))
    if plan.payment == lowest_each:
        facts.append(_("Lowest payment"))
    return " · ".join(facts)


@blueprint.get("/me/offers/<offer_ref>")
@debtor
def show_offer(offer_ref: str) -> Response:
    """Show one firm offer before its agreement is made."""
    offer, account_id = own_offer(offer_ref)
    (card,) = cards_of([offer])
    with work().read() as tx:
        case = known(cases.find_case(tx, case_id=offer.case_id))
        waiting = approvals.find_of_offer(tx, offer_id=offer.offer_id)
        needs_person = waiting is None and not is_cleared(tx, offer, case)
    page = render_template(
        "debtor/offer.html",
        card=card,
        path=f"/me/accounts/{account_id}",
        approval=waiting,
        needs_person=needs_person,
    )
    return make_response(page)


@blueprint.post("/me/offers/<offer_ref>/agreement")
@debtor
def make_agreement(offer_ref: str) -> Response:
    """Freeze an offer's terms and text, or go on with what was frozen before."""
    _, account_id = own_offer(offer_ref)
    return go_to_agreement(offer_ref, account_id)


def go_to_agreement(offer_ref: str, account_id: UUID) -> Response:
    """Freeze an offer of the visitor and lead to its agreement; say it where it is not open any more."""
    now = portal().clock.now()
    done = prepare_agreement(
        work(),
        offer_ref=offer_ref,
        debtor_id=visitor().subject_id,
        text=agreement_text(),
        today=today_of_visitor(now),
        now=now,
    )
    if isinstance(done, Prepared):
        return see_other(f"/me/agreements/{done.agreement.agreement_ref}")
    if isinstance(done, OfferWaits):
        return see_other(f"/me/offers/{offer_ref}")
    if wants_fragment():
        return see_other(f"/me/offers/{offer_ref}")
    return offer_gone(done.reason, f"/me/accounts/{account_id}", offer_ref)


OUTDATED = ("balance_changed", "rules_changed", "expired")
"""Reasons for which the same plan can be made with today's figures."""


def offer_gone(reason: str, path: str, offer_ref: str = "") -> Response:
    """Say that a plan is not open any more and why; where only its figures are old, offer to make it again."""
    with work().read() as tx:
        offer = offers.find_offer(tx, offer_ref=offer_ref) if offer_ref else None
    can_repeat = offer is not None and not offer.change_kind and reason in OUTDATED
    page = render_template(
        "debtor/offer_gone.html",
        reason=reason,
        path=path,
        again=offer_ref if can_repeat else "",
        kind=_kind(offer.family if offer else ""),
    )
    return make_response(page, 409)


@blueprint.post("/me/offers/<offer_ref>/again")
@debtor
def make_again(offer_ref: str) -> Response:
    """Make the plan of an offer with today's figures, or the nearest there is: a firm offer, ready to be read."""
    offer, account_id = own_offer(offer_ref)
    now = portal().clock.now()
    done = choose_plan(
        work(),
        account_id=account_id,
        debtor_id=visitor().subject_id,
        wish=wish_like(plan_from_dict(offer.plan)),
        trail=Trail(),
        form_token=posted_token(),
        today=today_of_visitor(now),
        now=now,
        or_nearest=True,
    )
    if isinstance(done, Chosen):
        return see_other(f"/me/offers/{done.offer_ref}")
    return see_other(f"/me/accounts/{account_id}/plan?kind={_kind(offer.family)}")


def _kind(family: str) -> str:
    """Name the tab on which a plan of a family is made anew."""
    return family if family in {"restructure", "skills"} else "installment"


def own_offer(offer_ref: str) -> tuple[KeptOffer, UUID]:
    """Find an offer of the visitor and the account it is about; anybody else's does not exist."""
    with work().read() as tx:
        offer = offers.find_offer(tx, offer_ref=offer_ref)
        case = cases.find_case(tx, case_id=offer.case_id) if offer else None
        if offer is None or case is None or case.debtor_id != visitor().subject_id:
            abort(404)
        (account_id, *_others) = cases.list_account_ids(tx, case_id=case.case_id)
    return offer, account_id

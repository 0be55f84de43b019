"""What the case system does with an account: adjust, hold, release, recall."""

from flask import Blueprint, Response

from portal.actions.accounts.adjust_account import adjust_account
from portal.actions.accounts.hold_account import hold_account
from portal.actions.accounts.recall_account import recall_account
from portal.actions.accounts.release_account import release_account
from portal.core.actors import LENDER_API
from portal.web.api import views
from portal.web.api.accounts import account_answer, contradiction, work
from portal.web.api.models import AccountView, AdjustmentBody, HoldBody, RecallBody, ReleaseBody
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import Route, route
from portal.web.context import portal

blueprint = Blueprint("api_account_acts", __name__)


@route(
    blueprint,
    Route(
        method="POST",
        path="/accounts/{ref}/adjustments",
        scope="accounts:write",
        summary="Add to what is owed, or take from it",
        body=AdjustmentBody,
        answers={200: AccountView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def add_adjustment(ref: str, body: AdjustmentBody) -> Response:
    if not body.amount.minor:
        raise refuse_field("/amount/minor", "zero", "An adjustment of 0 changes nothing.", "Send an amount.")
    now = portal().clock.now()
    done = adjust_account(
        work(),
        account_ref=views.account_ref(ref),
        component=body.component,
        amount_minor=body.amount.minor,
        currency=body.amount.currency,
        reason=body.reason,
        on_date=body.on_date or now.date(),
        actor=LENDER_API,
        now=now,
        reference=body.reference,
    )
    if done.kind == "not_found":
        raise not_found("account")
    if done.kind == "other_currency":
        fix = f"Send an amount in {done.currency}."
        raise refuse_field("/amount/currency", "other", "The account has another currency.", fix)
    if done.kind == "below_zero":
        fix = f"Take at most what the {body.component} is."
        raise refuse_field("/amount/minor", "below_zero", f"The {body.component} would be below zero.", fix)
    if done.kind in {"plan_active", "other_adjustment"}:
        raise contradiction(done.kind)
    return account_answer(ref)


@route(
    blueprint,
    Route(
        method="POST",
        path="/accounts/{ref}/holds",
        scope="accounts:write",
        summary="Stop contact and payments for a cause",
        body=HoldBody,
        answers={200: AccountView, 201: AccountView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def add_hold(ref: str, body: HoldBody) -> Response:
    now = portal().clock.now()
    if body.until is not None and body.until <= now:
        raise refuse_field("/until", "date.past", "This time is past.", "Send a later one, or none.")
    done = hold_account(
        work(),
        account_ref=views.account_ref(ref),
        cause=body.cause,
        until=body.until,
        actor=LENDER_API,
        now=now,
    )
    if done.kind == "not_found":
        raise not_found("account")
    return account_answer(ref, status=201 if done.kind == "held" else 200)


@route(
    blueprint,
    Route(
        method="POST",
        path="/accounts/{ref}/release",
        scope="accounts:write",
        summary="End the holds of a cause",
        body=ReleaseBody,
        answers={200: AccountView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def release(ref: str, body: ReleaseBody) -> Response:
    done = release_account(
        work(),
        account_ref=views.account_ref(ref),
        cause=body.cause,
        reason=body.reason,
        actor=LENDER_API,
        now=portal().clock.now(),
    )
    if done.kind == "not_found":
        raise not_found("account")
    return account_answer(ref)


@route(
    blueprint,
    Route(
        method="POST",
        path="/accounts/{ref}/recall",
        scope="accounts:write",
        summary="Take an account back",
        body=RecallBody,
        answers={200: AccountView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def recall(ref: str, body: RecallBody) -> Response:
    done = recall_account(
        work(),
        account_ref=views.account_ref(ref),
        reason=body.reason,
        is_forced=body.force,
        actor=LENDER_API,
        now=portal().clock.now(),
    )
    if done.kind == "not_found":
        raise not_found("account")
    if done.kind == "refused":
        raise RefusedError(
            409,
            "Something stands in the way",
            detail=f"{', '.join(done.guards)}: wait, or recall with force.",
            guards=list(done.guards),
        )
    return account_answer(ref)

"""Cases that wait for the lender, and its answer: a firm offer within its authority, or words."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast

from flask import Blueprint, Response
from pydantic import BaseModel, Field, StringConstraints

from portal.actions.cases.answer_case import ANSWERS, REASONS, account_of, answer_case
from portal.actions.cases.make_offer import StaffAnswer
from portal.core.actors import LENDER_API
from portal.store import accounts, cases, handoffs
from portal.store.accounts import Account
from portal.store.handoffs import Handoff
from portal.store.work import Transaction
from portal.web.access import caller
from portal.web.api import paging, views
from portal.web.api.accounts import work
from portal.web.api.models import Money, OneOf, Strict
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import Query, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_cases", __name__)

WORDS_MAX = 2_000
Words = Annotated[str, StringConstraints(max_length=WORDS_MAX)]
_STATES = ("waiting", "answered")
_REFUSALS = {
    "answered_already": "Somebody answered it before.",
    "no_plan": "There is no such plan within the authority that the bounds give today.",
    "changed": "The plan is another one by now: read the case again.",
}


class CaseView(BaseModel):
    """A negotiation that was handed to a person. What the debtor wrote stays in the console."""

    id: str
    case: Annotated[str | None, Field(description="The case as events name it; null when none was open.")]
    account: str
    cause: str
    state: Literal["waiting", "answered", "closed"]
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    ask: Annotated[dict[str, Any] | None, Field(description="What the debtor asked for.")]
    answer: Annotated[dict[str, Any] | None, Field(description="What was answered.")]


class CasePage(BaseModel):
    cases: list[CaseView]
    next: Annotated[str | None, Field(description="The `after` of the next page; null on the last one.")]


class AnswerBody(Strict):
    """What you answer. `accept` and `counter` make a firm offer within the authority that the bounds give you."""

    answer: Annotated[str, OneOf(ANSWERS)]
    reason: Annotated[str, OneOf(REASONS)]
    words: Annotated[Words, Field(description="The debtor reads them; needed to decline or to ask.")] = ""
    payment: Annotated[Money | None, Field(description="counter: each payment that you would accept.")] = None


class AnsweredView(BaseModel):
    offer: Annotated[str | None, Field(description="The firm offer that was made.")]
    late: Annotated[bool, Field(description="Whether it came after the promised time.")]
    message: Annotated[str | None, Field(description="What became of the message to the debtor.")]
    approval: Annotated[
        str | None, Field(description="The approval that the offer waits for: nobody can sign it before.")
    ]


def find_case(tx: Transaction, ref: str) -> tuple[Handoff, Account]:
    """Find a case by its own id, or by that of its negotiation; raises RefusedError (404)."""
    handoff = handoffs.find_handoff(tx, handoff_ref=ref)
    if handoff is None and (case := cases.find_case(tx, case_ref=ref)):
        handoff = handoffs.find_newest_of_case(tx, case_id=case.case_id)
    account_id = account_of(tx, handoff) if handoff else None
    account = accounts.find_account(tx, account_id=account_id) if account_id else None
    if handoff is None or account is None:
        raise not_found("case")
    return handoff, account


def _view(tx: Transaction, handoff: Handoff, account_ref: str) -> CaseView:
    case = cases.find_case(tx, case_id=handoff.case_id) if handoff.case_id else None
    return CaseView(
        id=handoff.handoff_ref,
        case=case.case_ref if case else None,
        account=account_ref,
        cause=handoff.cause,
        state=cast("Any", handoff.state),
        opened_at=handoff.opened_at,
        answer_due_at=handoff.answer_due_at,
        answered_at=handoff.answered_at,
        ask=handoff.packet.get("ask") or None,
        answer=dict(handoff.answer) if handoff.answer else None,
    )


@route(
    blueprint,
    Route(
        method="GET",
        path="/cases",
        scope="cases:read",
        summary="List cases that wait for you, the earliest promise first",
        answers={200: CasePage},
        problems=(400,),
        queries=(
            Query(
                name="state",
                schema={"type": "string", "enum": list(_STATES), "default": "waiting"},
                about="Those that wait, or those that were answered.",
            ),
            paging.AFTER_DUE,
            paging.LIMIT,
        ),
    ),
)
def list_cases() -> Response:
    most, after = paging.limit(), paging.after_due()
    state = views.word_of("state", _STATES) or "waiting"
    with work().read() as tx:
        found = handoffs.list_handoffs(tx, state=state, limit=most + 1, after=after)
        page, last = paging.cut(found, most)
        shown = []
        for one in page:
            account_id = account_of(tx, one)
            account = accounts.find_account(tx, account_id=account_id) if account_id else None
            if account is not None:
                shown.append(_view(tx, one, account.account_ref))
    more = paging.write_due(last.answer_due_at, last.handoff_id) if last else None
    return json_answer(CasePage(cases=shown, next=more))


@route(
    blueprint,
    Route(
        method="GET",
        path="/cases/{handoff_ref}",
        scope="cases:read",
        summary="See one case",
        answers={200: CaseView},
        problems=(404,),
    ),
)
def show_case(handoff_ref: str) -> Response:
    with work().read() as tx:
        handoff, account = find_case(tx, views.plain(handoff_ref, "case"))
        return json_answer(_view(tx, handoff, account.account_ref))


@route(
    blueprint,
    Route(
        method="POST",
        path="/cases/{handoff_ref}/answer",
        scope="cases:write",
        summary="Answer a case: accept, counter, decline with a reason, ask, or close",
        body=AnswerBody,
        answers={200: AnsweredView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def give_answer(handoff_ref: str, body: AnswerBody) -> Response:
    with work().read() as tx:
        handoff, account = find_case(tx, views.plain(handoff_ref, "case"))
    done = answer_case(
        work(),
        handoff_id=handoff.handoff_id,
        answer=StaffAnswer(
            kind=body.answer, reason=body.reason, words=body.words, pay_minor=_payment(body, account)
        ),
        role="supervisor",
        staff_id=caller().key.api_key_id,
        actor=LENDER_API,
        base_url=portal().settings.base_url,
        now=portal().clock.now(),
    )
    if done.kind == "words_needed":
        raise refuse_field("/words", "required", "The debtor has nothing to read.", "Write what it is about.")
    if done.kind == "unknown":
        raise not_found("case")
    if done.kind != "answered":
        raise RefusedError(409, "It cannot be answered so", detail=_REFUSALS[done.kind], reason=done.kind)
    return json_answer(
        AnsweredView(
            offer=done.offer_ref or None,
            late=done.is_late,
            message=done.message or None,
            approval=done.approval_ref or None,
        )
    )


def _payment(body: AnswerBody, account: Account) -> int | None:
    if body.payment is None:
        return None
    if body.answer != "counter":
        raise refuse_field("/payment", "not_here", "Only a counter names a payment.", "Leave it out.")
    if body.payment.currency != account.currency:
        fix = f"Send it in {account.currency}."
        raise refuse_field("/payment/currency", "other", "The account has another currency.", fix)
    if body.payment.minor <= 0:
        raise refuse_field("/payment/minor", "range", "A payment is above zero.", "Send another amount.")
    return body.payment.minor

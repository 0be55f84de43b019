"""Disputes and complaints: what waits for the lender's answer, and the answer."""

from datetime import datetime
from typing import Annotated

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from portal.actions.care import answer_complaint as complaint_action
from portal.actions.care import answer_dispute as dispute_action
from portal.actions.care.answer_dispute import InboxAnswered
from portal.core.actors import LENDER_API
from portal.core.states import COMPLAINT, DISPUTE
from portal.store import accounts, complaints, debtors, disputes
from portal.web.api import paging, views
from portal.web.api.accounts import work
from portal.web.api.cases import Words
from portal.web.api.models import OneOf, Strict
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import Query, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_care", __name__)

_DISPUTES, _COMPLAINTS = tuple(sorted(DISPUTE)), tuple(sorted(COMPLAINT))


class DisputeView(BaseModel):
    """What somebody says is wrong with an account. Their words stay in the console."""

    id: str
    account: str
    reason: str
    state: Annotated[str, OneOf(_DISPUTES)]
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None


class DisputePage(BaseModel):
    disputes: list[DisputeView]
    next: Annotated[str | None, Field(description="The `after` of the next page; null on the last one.")]


class ComplaintView(BaseModel):
    """What somebody found wrong in how they were treated. Their words stay in the console."""

    id: str
    debtor: str
    state: Annotated[str, OneOf(_COMPLAINTS)]
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None


class ComplaintPage(BaseModel):
    complaints: list[ComplaintView]
    next: Annotated[str | None, Field(description="The `after` of the next page; null on the last one.")]


class DisputeAnswerBody(Strict):
    outcome: Annotated[str, OneOf(dispute_action.OUTCOMES)]
    words: Annotated[Words, Field(description="The debtor reads them.", min_length=1)]


class ComplaintAnswerBody(Strict):
    outcome: Annotated[str, OneOf(complaint_action.OUTCOMES)]
    words: Annotated[Words, Field(description="The debtor reads them.", min_length=1)]


class CareAnsweredView(BaseModel):
    late: Annotated[bool, Field(description="Whether it came after the promised time.")]


def _queries(states: tuple[str, ...]) -> tuple[Query, ...]:
    state = Query(
        name="state",
        schema={"type": "string", "enum": list(states), "default": "open"},
        about="Only those in this state.",
    )
    return (state, paging.AFTER_DUE, paging.LIMIT)


@route(
    blueprint,
    Route(
        method="GET",
        path="/disputes",
        scope="care:read",
        summary="List disputes, the earliest promise first",
        answers={200: DisputePage},
        problems=(400,),
        queries=_queries(_DISPUTES),
    ),
)
def list_disputes() -> Response:
    most, after = paging.limit(), paging.after_due()
    state = views.word_of("state", _DISPUTES) or "open"
    with work().read() as tx:
        found = disputes.list_disputes(tx, state=state, limit=most + 1, after=after)
        page, last = paging.cut(found, most)
        refs = {one.account_id: accounts.find_account(tx, account_id=one.account_id) for one in page}
    shown = [
        DisputeView(
            id=one.dispute_ref,
            account=account.account_ref,
            reason=one.reason,
            state=one.state,
            opened_at=one.opened_at,
            answer_due_at=one.answer_due_at,
            answered_at=one.answered_at,
        )
        for one in page
        if (account := refs[one.account_id])
    ]
    more = paging.write_due(last.answer_due_at, last.dispute_id) if last else None
    return json_answer(DisputePage(disputes=shown, next=more))


@route(
    blueprint,
    Route(
        method="POST",
        path="/disputes/{dispute_ref}/answer",
        scope="care:write",
        summary="Answer a dispute in words that the debtor reads",
        body=DisputeAnswerBody,
        answers={200: CareAnsweredView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def answer_dispute(dispute_ref: str, body: DisputeAnswerBody) -> Response:
    done = dispute_action.answer_dispute(
        work(),
        dispute_ref=views.plain(dispute_ref, "dispute"),
        outcome=body.outcome,
        words=body.words,
        actor=LENDER_API,
        base_url=portal().settings.base_url,
        now=portal().clock.now(),
    )
    return _answered(done, "dispute")


def _answered(done: InboxAnswered, what: str) -> Response:
    if done.kind == "unknown":
        raise not_found(what)
    if done.kind == "words_needed":
        raise refuse_field("/words", "required", "The debtor has nothing to read.", "Write what you found.")
    if done.kind != "answered":
        raise RefusedError(409, "It was answered before", detail="An answer is given once.")
    return json_answer(CareAnsweredView(late=done.is_late))


@route(
    blueprint,
    Route(
        method="GET",
        path="/complaints",
        scope="care:read",
        summary="List complaints, the earliest promise first",
        answers={200: ComplaintPage},
        problems=(400,),
        queries=_queries(_COMPLAINTS),
    ),
)
def list_complaints() -> Response:
    most, after = paging.limit(), paging.after_due()
    state = views.word_of("state", _COMPLAINTS) or "open"
    with work().read() as tx:
        found = complaints.list_complaints(tx, state=state, limit=most + 1, after=after)
        page, last = paging.cut(found, most)
        people = {one.debtor_id: debtors.find_debtor(tx, debtor_id=one.debtor_id) for one in page}
    shown = [
        ComplaintView(
            id=one.complaint_ref,
            debtor=debtor.debtor_ref,
            state=one.state,
            opened_at=one.opened_at,
            answer_due_at=one.answer_due_at,
            answered_at=one.answered_at,
        )
        for one in page
        if (debtor := people[one.debtor_id])
    ]
    more = paging.write_due(last.answer_due_at, last.complaint_id) if last else None
    return json_answer(ComplaintPage(complaints=shown, next=more))


@route(
    blueprint,
    Route(
        method="POST",
        path="/complaints/{complaint_ref}/answer",
        scope="care:write",
        summary="Answer a complaint in words that the person reads",
        body=ComplaintAnswerBody,
        answers={200: CareAnsweredView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def answer_complaint(complaint_ref: str, body: ComplaintAnswerBody) -> Response:
    done = complaint_action.answer_complaint(
        work(),
        complaint_ref=views.plain(complaint_ref, "complaint"),
        outcome=body.outcome,
        words=body.words,
        actor=LENDER_API,
        base_url=portal().settings.base_url,
        now=portal().clock.now(),
    )
    return _answered(done, "complaint")

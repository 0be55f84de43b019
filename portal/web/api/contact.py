"""Contact: may a message go out now, what was sent, who helps a debtor."""

from datetime import datetime
from typing import Annotated, Any, cast

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from portal.core.contact import may_contact
from portal.core.messages import LENDER_TEMPLATES
from portal.core.packs.rules import pack_for
from portal.core.states import GRANT, MESSAGE
from portal.store import accounts, contacts, debtors, grants, messages
from portal.store.accounts import Account
from portal.store.debtors import Debtor, new_ref
from portal.store.messages import Message
from portal.store.work import Transaction
from portal.web.api import views
from portal.web.api.accounts import work
from portal.web.api.links import send
from portal.web.api.models import LinkView, OneOf, Ref, Strict
from portal.web.api.problems import not_found
from portal.web.api.routes import Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_contact", __name__)

MESSAGES_MAX = 200
_TEMPLATES = tuple(sorted(LENDER_TEMPLATES))
_STATES, _GRANTS = tuple(sorted(MESSAGE)), tuple(sorted(GRANT))


class ContactBody(Strict):
    account: Ref


class ContactView(BaseModel):
    """Whether the stricter of law and house lets a message about a debt go out at this moment."""

    allowed: bool
    reason: Annotated[
        str | None,
        Field(description="wrong_party, stopped, held, planned, too_many, acted_lately, quiet_hours"),
    ]
    next_at: Annotated[
        datetime | None, Field(description="The first moment that is allowed; null: none by itself.")
    ]
    rule: Annotated[str, Field(description="The jurisdiction pack that was asked, with its version.")]


class MessageBody(Strict):
    template: Annotated[
        str,
        OneOf(_TEMPLATES),
        Field(description="A reviewed text in the debtor's language; free text is never sent."),
    ]


class MessageView(BaseModel):
    """A message; neither its text nor its number is told."""

    id: str
    channel: str
    template: str
    language: str
    segments: int
    state: Annotated[str, OneOf(_STATES)]
    reason: str | None
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None


class MessagePage(BaseModel):
    messages: list[MessageView]


class GrantView(BaseModel):
    """A debtor's consent for a counselor."""

    id: str
    scopes: list[str]
    agency: str | None
    state: Annotated[str, OneOf(_GRANTS)]
    offered_at: datetime
    taken_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None


class GrantPage(BaseModel):
    grants: list[GrantView]


def find_people(tx: Transaction, ref: str) -> tuple[Account, Debtor]:
    """Find an account and who owes it; raises RefusedError (404)."""
    account = accounts.find_account(tx, account_ref=views.account_ref(ref))
    debtor = debtors.find_debtor(tx, debtor_id=account.debtor_id) if account else None
    if account is None or debtor is None:
        raise not_found("account")
    return account, debtor


@route(
    blueprint,
    Route(
        method="POST",
        path="/contact/decisions",
        scope="contact:read",
        summary="Ask whether a message may go out now; nothing is sent",
        body=ContactBody,
        answers={200: ContactView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def decide_contact(body: ContactBody) -> Response:
    now = portal().clock.now()
    with work().read() as tx:
        _, debtor = find_people(tx, body.account)
        standing = contacts.load_standing(tx, debtor=debtor, now=now)
    pack = pack_for(debtor.country)
    decided = may_contact(pack=pack, standing=standing, now=now, is_requested=False, is_collection=True)
    return json_answer(
        ContactView(
            allowed=decided.is_allowed,
            reason=decided.reason or None,
            next_at=decided.next_at,
            rule=pack.ref,
        )
    )


@route(
    blueprint,
    Route(
        method="GET",
        path="/accounts/{ref}/messages",
        scope="contact:read",
        summary="List the messages to the debtor of an account, the newest first",
        answers={200: MessagePage},
        problems=(404,),
    ),
)
def list_messages(ref: str) -> Response:
    with work().read() as tx:
        _, debtor = find_people(tx, ref)
        found = messages.list_messages_of(tx, debtor_id=debtor.debtor_id, limit=MESSAGES_MAX)
    return json_answer(MessagePage(messages=[_message(one) for one in found]))


def _message(one: Message) -> MessageView:
    return MessageView(
        id=new_ref("msg", one.message_id),
        channel=one.channel,
        template=one.template,
        language=one.language,
        segments=one.segments,
        state=cast("Any", one.state),
        reason=one.reason,
        queued_at=one.queued_at,
        due_at=one.due_at,
        sent_at=one.sent_at,
    )


@route(
    blueprint,
    Route(
        method="POST",
        path="/accounts/{ref}/messages",
        scope="links:write",
        summary="Send a reviewed message with a link when the law allows",
        body=MessageBody,
        answers={200: LinkView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def add_message(ref: str, body: MessageBody) -> Response:
    del body  # one text so far: the neutral first message, which `send` composes
    return send(ref)


@route(
    blueprint,
    Route(
        method="GET",
        path="/accounts/{ref}/grants",
        scope="care:read",
        summary="List who may help the debtor of an account, and how far",
        answers={200: GrantPage},
        problems=(404,),
    ),
)
def list_grants(ref: str) -> Response:
    with work().read() as tx:
        _, debtor = find_people(tx, ref)
        found = grants.list_grants_of(tx, debtor_id=debtor.debtor_id)
    shown = [
        GrantView(
            id=one.grant.grant_ref,
            scopes=list(one.grant.scopes),
            agency=one.agency_name,
            state=cast("Any", one.grant.state),
            offered_at=one.grant.offered_at,
            taken_at=one.grant.taken_at,
            expires_at=one.grant.expires_at,
            ended_at=one.grant.ended_at,
        )
        for one in found
    ]
    return json_answer(GrantPage(grants=shown))

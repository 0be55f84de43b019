"""Letters: listed, issued, and given as a sealed PDF that has their data and their text inside."""

from datetime import date, datetime
from typing import Annotated, Any, cast

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict, Field

from portal.actions.letters.gather import Wish
from portal.actions.letters.issue_letter import Asked, NotIssued, issue_letter
from portal.core.actors import LENDER_API
from portal.core.evidence.papers import ANSWERS
from portal.core.letters.endings import STEPS
from portal.core.letters.frame import KINDS
from portal.core.letters.money import QUOTE_DAYS, QUOTE_DAYS_MAX
from portal.core.letters.standing import standing_of
from portal.gateways.languages import offered
from portal.store import accounts, documents, letters
from portal.store.accounts import Account
from portal.store.letters import KeptLetter
from portal.store.work import Transaction
from portal.web.api import paging, views
from portal.web.api.accounts import work
from portal.web.api.models import OneOf
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import PREFIX, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_letters", __name__)
_LANGUAGES = tuple(one.tag for one in offered())


class LetterBody(BaseModel):
    """Which letter is wanted. What a kind does not need is left out."""

    model_config = ConfigDict(extra="forbid")
    kind: Annotated[str, OneOf(KINDS)]
    language: Annotated[
        Annotated[str, OneOf(_LANGUAGES)] | None, Field(description="Instead of the debtor's own.")
    ] = None
    payment: Annotated[str | None, Field(max_length=80, description="The payment of a receipt.")] = None
    since: Annotated[date | None, Field(description="First day of a statement.")] = None
    until: Annotated[date | None, Field(description="Last day of a statement.")] = None
    days: Annotated[
        int, Field(ge=1, le=QUOTE_DAYS_MAX, strict=True, description="Days that a payoff quote holds.")
    ] = QUOTE_DAYS
    milestone: Annotated[
        Annotated[str, OneOf(STEPS)] | None, Field(description="The step of a milestone letter.")
    ] = None


class LetterView(BaseModel):
    """A letter without its words; whom it names stays in the files."""

    id: str
    account: str
    kind: Annotated[str, OneOf(KINDS)]
    language: str
    standing: Annotated[
        str, OneOf(ANSWERS), Field(description="How it stands today, as the check page would say.")
    ]
    issued_at: datetime
    valid_until: date | None
    data_hash: Annotated[str, Field(description="SHA-256 of the canonical data (RFC 8785).")]
    html_hash: Annotated[str, Field(description="SHA-256 of the text.")]
    pdf: Annotated[str | None, Field(description="Null until a worker has made it.")]


class LetterPage(BaseModel):
    letters: list[LetterView]
    next: str | None


def _account(tx: Transaction, ref: str) -> Account:
    found = accounts.find_account(tx, account_ref=views.account_ref(ref))
    if found is None:
        raise not_found("account")
    return found


def _view(tx: Transaction, letter: KeptLetter, account_ref: str) -> LetterView:
    place = f"{PREFIX}/letters/{letter.letter_ref}"
    today = portal().clock.now().date()
    return LetterView(
        id=letter.letter_ref,
        account=account_ref,
        kind=cast("Any", letter.kind),
        language=letter.language,
        standing=cast("Any", standing_of(letters.load_fate(tx, letter=letter), today=today)),
        issued_at=letter.issued_at,
        valid_until=letter.valid_until,
        data_hash=letter.content_hash,
        html_hash=letter.html_hash,
        pdf=f"{place}/letter.pdf" if letter.document_id else None,
    )


@route(
    blueprint,
    Route(
        method="GET",
        path="/accounts/{ref}/letters",
        scope="letters:read",
        summary="List the letters of an account, the newest first",
        answers={200: LetterPage},
        problems=(400, 404),
        queries=(paging.AFTER_ID, paging.LIMIT),
    ),
)
def list_letters(ref: str) -> Response:
    most, after = paging.limit(), paging.after_id()
    with work().read() as tx:
        account = _account(tx, ref)
        found = letters.list_letters(tx, account_id=account.account_id, before=after, limit=most + 1)
        page, last = paging.cut(found, most)
        shown = [_view(tx, one, account.account_ref) for one in page]
    return json_answer(LetterPage(letters=shown, next=str(last.letter_id) if last else None))


@route(
    blueprint,
    Route(
        method="POST",
        path="/accounts/{ref}/letters",
        scope="letters:write",
        summary="Issue a letter; the same one again while nothing has changed",
        body=LetterBody,
        answers={200: LetterView, 201: LetterView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def add_letter(ref: str, body: LetterBody) -> Response:
    with work().read() as tx:
        account = _account(tx, ref)
    done = issue_letter(
        work(),
        wish=Wish(
            kind=body.kind,
            account_id=account.account_id,
            payment_ref=views.plain(body.payment, "payment") if body.payment else None,
            since=body.since,
            until=body.until,
            days=body.days,
            milestone=body.milestone or "",
        ),
        asked=Asked(by=LENDER_API, base_url=portal().settings.base_url, language=body.language),
        now=portal().clock.now(),
    )
    if isinstance(done, NotIssued):
        raise _refusal(done, body)
    with work().read() as tx:
        view = _view(tx, done.letter, account.account_ref)
    place = f"{PREFIX}/letters/{done.letter.letter_ref}"
    return json_answer(view, 200 if done.was_issued else 201, location=place)


def _refusal(done: NotIssued, body: LetterBody) -> RefusedError:
    if done.reason == "unknown":
        field = {"receipt": "/payment", "milestone": "/milestone"}.get(body.kind, "/kind")
        return refuse_field(field, done.reason, "There is no such thing on this account.", "Name one of it.")
    detail = {
        "not_yet": "It can be made when the money is final, or the step is confirmed.",
        "nothing_owed": "Nothing is left to pay.",
        "not_here": "The law asks for no such letter here: by the country, or because you collect for yourself.",
        "not_this": "The other closing letter fits: paid_in_full where nothing was forgiven, else settled.",
        "incomplete": f"The letterhead lacks: {', '.join(done.missing)}.",
    }[done.reason]
    return RefusedError(409, "This letter cannot be made now", detail=detail, reason=done.reason)


def _find(tx: Transaction, letter_ref: str) -> KeptLetter:
    letter = letters.find_letter(tx, letter_ref=views.plain(letter_ref, "letter"))
    if letter is None:
        raise not_found("letter")
    return letter


@route(
    blueprint,
    Route(
        method="GET",
        path="/letters/{letter_ref}",
        scope="letters:read",
        summary="See one letter and how it stands",
        answers={200: LetterView},
        problems=(404,),
    ),
)
def show_letter(letter_ref: str) -> Response:
    with work().read() as tx:
        letter = _find(tx, letter_ref)
        account = accounts.find_account(tx, account_id=letter.account_id)
        view = _view(tx, letter, account.account_ref if account else "")
    return json_answer(view)


@route(
    blueprint,
    Route(
        method="GET",
        path="/letters/{letter_ref}/letter.pdf",
        scope="letters:read",
        summary="Download the sealed PDF of a letter",
        answers={200: None},
        gives="application/pdf",
        problems=(404,),
    ),
)
def show_pdf(letter_ref: str) -> Response:
    with work().read() as tx:
        letter = _find(tx, letter_ref)
        found = letter.document_id
        content = documents.load_content(tx, document_id=found) if found else None
    if content is None:
        raise RefusedError(
            404, "There is no PDF yet", detail="A worker makes it in the minute after the letter."
        )
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{letter.letter_ref}.pdf"'
    return response

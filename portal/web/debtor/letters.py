"""The debtor's letters: made when asked for, read on a page, kept as a file, beside another language."""

import json
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request
from markupsafe import Markup

from portal.actions.letters.gather import Wish
from portal.actions.letters.issue_letter import Asked, Issued, NotIssued, issue_letter
from portal.actions.letters.print_letter import ask_for_print
from portal.core.actors import DEBTOR
from portal.core.letters.frame import CLOSING, ON_DEMAND, Sender
from portal.core.letters.needs import FIRST_LETTERS, first_letter
from portal.core.letters.standing import standing_of
from portal.gateways.letter_pages import RULING, letter_languages, write_letter
from portal.store import debtors, documents, letters
from portal.store.accounts import Account
from portal.store.letters import KeptLetter
from portal.store.rows import known
from portal.store.work import Transaction
from portal.web.access import debtor
from portal.web.context import brand, portal, visitor, work
from portal.web.debtor.receipts import own_payment
from portal.web.debtor.today import today_of_visitor
from portal.web.htmx import see_other
from portal.web.language import SOURCE, current, languages
from portal.web.letter_words import LETTERS, REASONS, STANDINGS

blueprint = Blueprint("debtor_letters", __name__)
MAY_ASK = (*ON_DEMAND, *CLOSING, *FIRST_LETTERS)
"""What can be asked for about an account; a receipt is asked for on its payment, a step's letter comes by itself."""


def offered_letters(account: Account, country: str, sender: Sender) -> list[str]:
    """List the kinds of letters that a person may ask for about an account now."""
    is_open = account.state == "open" and account.balance_minor > 0
    first = first_letter(country, sender)
    return [
        "statement",
        *(["payoff_quote"] if is_open else []),
        *([first] if first and is_open else []),
        *(["paid_in_full"] if account.state == "settled" else []),
    ]


@blueprint.post("/me/accounts/<uuid:account_id>/letters")
@debtor
def ask_letter(account_id: UUID) -> Response:
    """Make a letter about an account; the same one again while nothing has changed."""
    kind = request.form.get("kind", "")
    if kind not in MAY_ASK:
        return see_other("/me/papers")
    done = _issue(Wish(kind=kind, account_id=account_id))
    if isinstance(done, NotIssued) and done.reason == "not_this":
        other = next(one for one in CLOSING if one != kind)
        done = _issue(Wish(kind=other, account_id=account_id))
    return _shown(done)


@blueprint.post("/me/payments/<payment_ref>/receipt")
@debtor
def ask_receipt(payment_ref: str) -> Response:
    """Make the receipt of a payment."""
    payment = own_payment(payment_ref)
    return _shown(_issue(Wish(kind="receipt", account_id=payment.account_id, payment_ref=payment_ref)))


def _issue(wish: Wish) -> Issued | NotIssued:
    services = portal()
    return issue_letter(
        work(),
        wish=wish,
        asked=Asked(
            by=DEBTOR,
            base_url=services.settings.base_url,
            debtor_id=visitor().subject_id,
            language=current().tag,
        ),
        now=services.clock.now(),
    )


def _shown(done: Issued | NotIssued) -> Response:
    if isinstance(done, Issued):
        return see_other(f"/me/letters/{done.letter.letter_ref}")
    if done.reason == "unknown":
        abort(404)
    page = render_template("debtor/letter_not_yet.html", words=REASONS.get(done.reason, REASONS["not_yet"]))
    return make_response(page, 409)


@blueprint.get("/me/letters/<letter_ref>")
@debtor
def show_letter(letter_ref: str) -> Response:
    """Show a letter as it was issued, how it stands, and how to keep it."""
    with work().read() as tx:
        letter = _own(tx, letter_ref)
        _content, html = letters.load_words(tx, letter_id=letter.letter_id)
        standing = standing_of(
            letters.load_fate(tx, letter=letter), today=today_of_visitor(portal().clock.now())
        )
        pdf, seal = (_ref_of(tx, one) for one in (letter.document_id, letter.seal_id))
    page = render_template(
        "debtor/letter.html",
        letter=letter,
        title=LETTERS[letter.kind],
        text=Markup(html),  # noqa: S704 - the stored bytes, written by our own escaped template
        standing=STANDINGS.get(standing),
        pdf=pdf,
        seal=seal,
        path=f"/me/accounts/{letter.account_id}",
        can_dispute=letter.kind in FIRST_LETTERS,
    )
    return make_response(page)


@blueprint.get("/me/letters/<letter_ref>/beside")
@debtor
def show_beside(letter_ref: str) -> Response:
    """Show a letter beside the same in another language, and say which one was issued."""
    with work().read() as tx:
        letter = _own(tx, letter_ref)
        content, html = letters.load_words(tx, letter_id=letter.letter_id)
        country = known(debtors.find_debtor(tx, debtor_id=letter.debtor_id)).country
    said = json.loads(content)
    others = [one for one in letter_languages(said) if one.tag != letter.language]
    there = {one.tag for one in others}
    wished = (request.args.get("language", ""), RULING.get(country), brand().language, SOURCE)
    tag = next((one for one in wished if one in there), others[0].tag)
    page = render_template(
        "debtor/letter_beside.html",
        letter=letter,
        others=others,
        tag=tag,
        issued=Markup(html),  # noqa: S704 - the stored bytes, written by our own escaped template
        beside=Markup(write_letter(said, tag).article),  # noqa: S704 - our own escaped template
        ruling=languages()[letter.language].name,
    )
    return make_response(page)


@blueprint.get("/me/letters/<letter_ref>/letter.json")
@debtor
def give_data(letter_ref: str) -> Response:
    """Give a letter as data, byte for byte as it was hashed."""
    with work().read() as tx:
        content, _html = letters.load_words(tx, letter_id=_own(tx, letter_ref).letter_id)
    response = make_response(content)
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="letter-{letter_ref[-8:]}.json"'
    return response


@blueprint.post("/me/letters/<letter_ref>/pdf")
@debtor
def ask_pdf(letter_ref: str) -> Response:
    """Let the PDF of a letter be made."""
    now = portal().clock.now()
    wanted = ask_for_print(work(), letter_ref=letter_ref, debtor_id=visitor().subject_id, now=now)
    if wanted.letter is None:
        abort(404)
    return see_other(f"/me/letters/{letter_ref}")


def _own(tx: Transaction, letter_ref: str) -> KeptLetter:
    """Find a letter of the visitor; anybody else's does not exist."""
    letter = letters.find_letter(tx, letter_ref=letter_ref)
    if letter is None or letter.debtor_id != visitor().subject_id:
        abort(404)
    return letter


def _ref_of(tx: Transaction, document_id: UUID | None) -> str | None:
    found = documents.find_document(tx, document_id=document_id) if document_id else None
    return found.document_ref if found else None

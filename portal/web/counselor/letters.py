"""A counselor with the debtor's consent reads the letters that the client got."""

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template
from markupsafe import Markup

from portal.core.letters.standing import standing_of
from portal.store import documents, letters
from portal.store.letters import KeptLetter
from portal.store.rows import known
from portal.store.work import Transaction
from portal.web.access import counselor
from portal.web.counselor.client import OpenClient, open_client, own_account
from portal.web.letter_words import LETTERS, STANDINGS
from portal.web.papers import paper_file

blueprint = Blueprint("counselor_letters", __name__)
PLACE = "/counselor/clients/<slug>/<grant_ref>/accounts/<uuid:account_id>/letters/<letter_ref>"


@blueprint.get(PLACE)
@counselor
def show_letter(slug: str, grant_ref: str, account_id: UUID, letter_ref: str) -> Response:
    """Show a letter as it was issued."""
    opened = open_client(slug, grant_ref, scope="view")
    own_account(opened, account_id)
    with opened.work.read() as tx:
        letter = _own(tx, opened, account_id, letter_ref)
        _content, html = letters.load_words(tx, letter_id=letter.letter_id)
        standing = standing_of(letters.load_fate(tx, letter=letter), today=opened.today)
    page = render_template(
        "counselor/letter.html",
        opened=opened,
        letter=letter,
        title=LETTERS[letter.kind],
        text=Markup(html),  # noqa: S704 - the stored bytes, written by our own escaped template
        standing=STANDINGS.get(standing),
        place=f"{opened.path}/accounts/{account_id}/letters/{letter_ref}",
    )
    return make_response(page)


@blueprint.get(f"{PLACE}/letter.pdf")
@counselor
def give_pdf(slug: str, grant_ref: str, account_id: UUID, letter_ref: str) -> Response:
    """Give the sealed PDF of a letter, byte for byte."""
    opened = open_client(slug, grant_ref, scope="view")
    own_account(opened, account_id)
    with opened.work.read() as tx:
        letter = _own(tx, opened, account_id, letter_ref)
        if letter.document_id is None:
            abort(404)
        return paper_file(tx, known(documents.find_document(tx, document_id=letter.document_id)))


def _own(tx: Transaction, opened: OpenClient, account_id: UUID, letter_ref: str) -> KeptLetter:
    """Find a letter about this account of the client; anything else does not exist."""
    letter = letters.find_letter(tx, letter_ref=letter_ref)
    if letter is None or (letter.debtor_id, letter.account_id) != (opened.grant.debtor_id, account_id):
        abort(404)
    return letter

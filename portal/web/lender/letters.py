"""Letters at the desk: issue one about an account, read what was issued, and say what the letterhead tells."""

from uuid import UUID

from flask import Blueprint, Response, abort, request
from markupsafe import Markup
from wtforms import BooleanField

from portal.actions.accounts.reveal_person import is_revealed
from portal.actions.lenders.change_letterhead import Letterhead, change_letterhead
from portal.actions.letters.gather import Wish
from portal.actions.letters.issue_letter import Asked, Issued, issue_letter
from portal.core.letters.frame import CLOSING, ON_DEMAND
from portal.core.letters.letterhead import creditor_of, sender_of
from portal.core.letters.needs import FIRST_LETTERS
from portal.core.letters.standing import standing_of
from portal.store import documents, lenders, letters
from portal.store.rows import known
from portal.web.access import staff
from portal.web.context import portal, visitor, work
from portal.web.forms import NAME_MAX, Form, TextField
from portal.web.htmx import see_other
from portal.web.language import lazy_gettext as _l
from portal.web.lender.account_acts import own_account
from portal.web.lender.desk import EXPORTERS, HANDLERS, KEEPERS, actor, me, show, today
from portal.web.letter_words import LETTERS, STANDINGS
from portal.web.papers import paper_file

blueprint = Blueprint("lender_letters", __name__)
MAY_ISSUE = (*ON_DEMAND, *CLOSING, *FIRST_LETTERS)
ADDRESS_MAX = 1_000
PATH = "/lender/letterhead"


class LetterheadForm(Form):
    """Who writes, as the law asks for it."""

    name = TextField(_l("Full name of your house"), length_max=NAME_MAX)
    address = TextField(_l("Postal address"), length_max=ADDRESS_MAX)
    email = TextField(_l("E-mail address for letters"), length_max=NAME_MAX)
    web = TextField(_l("Web address for letters"), length_max=NAME_MAX)
    authority = TextField(_l("Supervisory authority, with its address"), length_max=ADDRESS_MAX)
    collects_for_others = BooleanField(_l("We collect for others (a debt collector in the US)"))
    is_law_firm = BooleanField(_l("We are a law firm (in Germany: § 43d BRAO instead of § 13a RDG)"))


@blueprint.post("/lender/accounts/<uuid:account_id>/letters")
@staff(*HANDLERS)
def issue(account_id: UUID) -> Response:
    """Issue a letter about an account, in the debtor's language."""
    account = own_account(account_id)
    kind, payment_ref = request.form.get("kind", ""), request.form.get("payment")
    if kind not in (*MAY_ISSUE, "receipt"):
        return see_other(f"/lender/accounts/{account_id}")
    done = issue_letter(
        work(),
        wish=Wish(kind=kind, account_id=account.account_id, payment_ref=payment_ref),
        asked=Asked(by=actor(), base_url=portal().settings.base_url),
        now=portal().clock.now(),
    )
    said = "letter-issued" if isinstance(done, Issued) else f"letter-{done.reason}"
    return see_other(f"/lender/accounts/{account_id}?done={said}#letters")


@blueprint.get("/lender/accounts/<uuid:account_id>/letters/<letter_ref>")
@staff(*HANDLERS, "auditor")
def show_letter(account_id: UUID, letter_ref: str) -> Response:
    """Show a letter as it was issued; it names the person, so an agent opens the person first."""
    own_account(account_id)
    now = portal().clock.now()
    is_open = is_revealed(visitor().state, account_id=account_id, now=now)
    if not (is_open or me().may(*EXPORTERS)):
        return see_other(f"/lender/accounts/{account_id}?done=letter-closed")
    with work().read() as tx:
        letter = letters.find_letter(tx, letter_ref=letter_ref)
        if letter is None or letter.account_id != account_id:
            abort(404)
        _content, html = letters.load_words(tx, letter_id=letter.letter_id)
        standing = standing_of(letters.load_fate(tx, letter=letter), today=today())
    return show(
        "lender/account_letter.html",
        letter=letter,
        title=LETTERS[letter.kind],
        text=Markup(html),  # noqa: S704 - the stored bytes, written by our own escaped template
        standing=STANDINGS.get(standing),
        path=f"/lender/accounts/{account_id}",
    )


@blueprint.get("/lender/accounts/<uuid:account_id>/letters/<letter_ref>/letter.pdf")
@staff(*EXPORTERS)
def give_pdf(account_id: UUID, letter_ref: str) -> Response:
    """Give the sealed PDF of a letter, byte for byte."""
    with work().read() as tx:
        letter = letters.find_letter(tx, letter_ref=letter_ref)
        if letter is None or letter.account_id != account_id or letter.document_id is None:
            abort(404)
        return paper_file(tx, known(documents.find_document(tx, document_id=letter.document_id)))


@blueprint.get(PATH)
@staff(*KEEPERS)
def show_letterhead() -> Response:
    """Show what letters say of the house and its creditors."""
    return _page(None)


@blueprint.post(PATH)
@staff(*KEEPERS)
def keep_letterhead() -> Response:
    """Keep what letters say of the house and its creditors."""
    form = LetterheadForm()
    if not form.validate():
        return _page(form)
    with work().read() as tx:
        refs = [one.creditor_ref for one in lenders.list_creditors(tx)]
    change_letterhead(
        work(),
        letterhead=Letterhead(
            **form.data,
            creditors={
                ref: (
                    request.form.get(f"name-{place}", "")[:NAME_MAX],
                    request.form.get(f"address-{place}", "")[:ADDRESS_MAX],
                )
                for place, ref in enumerate(refs)
            },
        ),
        actor=actor(),
        now=portal().clock.now(),
    )
    return see_other(f"{PATH}?done=saved")


def _page(form: LetterheadForm | None) -> Response:
    with work().read() as tx:
        lender = known(lenders.find_lender(tx, lender_id=tx.lender_id))
        every = lenders.list_creditors(tx)
    kept = sender_of(lender.settings, lender_name=lender.name)
    named = [
        creditor_of(lender.settings, creditor_ref=one.creditor_ref, brand=one.brand_name) for one in every
    ]
    filled = LetterheadForm(
        formdata=None,
        name=kept.name,
        address="\n".join(kept.address),
        email=kept.email,
        web=kept.web,
        authority="\n".join(kept.authority),
        collects_for_others=kept.collects_for_others,
        is_law_firm=kept.is_law_firm,
    )
    return show(
        "lender/account_letterhead.html",
        status=422 if form else 200,
        form=form or filled,
        creditors=[(one, "\n".join(one.address)) for one in named],
    )

"""Everything that a debtor can keep: agreements, copies, letters, receipts, evidence; and what can be asked for."""

from flask import Blueprint, Response, make_response, render_template

from portal.core.letters.letterhead import sender_of
from portal.core.money import Money
from portal.store import accounts, agreements, debtors, documents, lenders, letters, payments
from portal.store.rows import known
from portal.web.access import debtor
from portal.web.context import visitor, work
from portal.web.debtor.letters import offered_letters
from portal.web.letter_words import LETTERS

blueprint = Blueprint("debtor_papers", __name__)


@blueprint.get("/me/papers")
@debtor
def show_papers() -> Response:
    """List everything that can be kept: agreements, copies, letters, receipts; and what can be asked for."""
    here = visitor().subject_id
    with work().read() as tx:
        own = agreements.list_agreements_of(tx, debtor_id=here)
        copies = documents.list_documents(tx, debtor_id=here)
        written = letters.list_letters(tx, debtor_id=here)
        person = known(debtors.find_debtor(tx, debtor_id=here))
        mine = accounts.list_accounts_of(tx, debtor_id=here)
        lender = known(lenders.find_lender(tx, lender_id=tx.lender_id))
        paid = [
            payment
            for account in mine
            for payment in payments.list_payments(tx, account_id=account.account_id)
            if payment.receipt_number
        ]
    sender = sender_of(lender.settings, lender_name=lender.name)
    receipts = [(payment, Money(payment.amount_minor, payment.currency)) for payment in paid]
    page = render_template(
        "debtor/papers.html",
        agreements=[one for one in own if one.signed_at],
        copies=copies,
        receipts=receipts,
        letters=written,
        names=LETTERS,
        asks=[(account, offered_letters(account, person.country, sender)) for account in mine],
    )
    return make_response(page)

"""Jobs of letters: their PDFs, the letter that closes an account, the one that a place asks for at the beginning."""

from uuid import UUID

from procrastinate import JobContext

from portal.actions.letters.gather import CLOSINGS, Wish
from portal.actions.letters.issue_letter import Asked, issue_letter
from portal.actions.letters.print_letter import print_letter as print_one
from portal.core.actors import SYSTEM
from portal.core.letters.letterhead import sender_of
from portal.core.letters.needs import first_letter
from portal.gateways.press import PdfPress
from portal.jobs.app import RETRY, app
from portal.jobs.house import House, house_of
from portal.store import accounts, debtors, lenders
from portal.store.rows import known


@app.task(name="print_letter", queue="documents", pass_context=True, retry=RETRY)
def print_letter(context: JobContext, *, lender_id: int, letter_ref: str) -> None:
    """Print, seal and store the PDF of a letter."""
    house = house_of(context)
    print_one(
        house.work(lender_id),
        letter_ref=letter_ref,
        press=PdfPress(authority=house.time_stamps),
        now=house.clock.now(),
    )


@app.task(name="issue_closing_letter", queue="documents", pass_context=True, retry=RETRY)
def issue_closing_letter(context: JobContext, *, lender_id: int, account_id: str) -> None:
    """Confirm that an account is paid or settled, once its money is final."""
    house = house_of(context)
    _issue(house, lender_id, Wish(kind=CLOSINGS, account_id=UUID(account_id)), is_printed=True)


@app.task(name="issue_milestone_letter", queue="documents", pass_context=True, retry=RETRY)
def issue_milestone_letter(context: JobContext, *, lender_id: int, account_id: str, milestone: str) -> None:
    """Confirm a step of a course on paper, once."""
    wish = Wish(kind="milestone", account_id=UUID(account_id), milestone=milestone)
    _issue(house_of(context), lender_id, wish, is_printed=True, only_first=True)


@app.task(name="issue_first_letters", queue="documents", pass_context=True, retry=RETRY)
def issue_first_letters(context: JobContext, *, lender_id: int, debtor_id: str) -> None:
    """Issue the letter that the place asks for at the first contact, for each account that has none yet."""
    house = house_of(context)
    with house.work(lender_id).read() as tx:
        debtor = debtors.find_debtor(tx, debtor_id=UUID(debtor_id))
        own = accounts.list_accounts_of(tx, debtor_id=UUID(debtor_id))
        lender = known(lenders.find_lender(tx, lender_id=lender_id))
    sender = sender_of(lender.settings, lender_name=lender.name)
    kind = first_letter(debtor.country, sender) if debtor else None
    for account in own if kind else ():
        wish = Wish(kind=kind, account_id=account.account_id)
        _issue(house, lender_id, wish, is_printed=False, only_first=True)


def _issue(house: House, lender_id: int, wish: Wish, *, is_printed: bool, only_first: bool = False) -> None:
    """Issue a letter by itself; what is printed is announced too, a first letter comes with its own message."""
    issue_letter(
        house.work(lender_id),
        wish=wish,
        asked=Asked(
            by=SYSTEM,
            base_url=house.settings.base_url,
            is_printed=is_printed,
            only_first=only_first,
            is_announced=is_printed,
        ),
        now=house.clock.now(),
    )

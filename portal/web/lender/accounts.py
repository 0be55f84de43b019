"""Accounts: found by reference, name or phone, with personal data closed until somebody gives a reason."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request

from portal.core.money import Money
from portal.core.typed import clean, western_digits
from portal.gateways.phones import normalize_phone
from portal.store import account_search, debtors, lenders
from portal.store.account_search import Filters, FoundAccount
from portal.store.lenders import Creditor
from portal.store.work import Transaction
from portal.web.access import staff
from portal.web.context import portal, work
from portal.web.lender.desk import PAGE_ROWS, show

blueprint = Blueprint("lender_accounts", __name__)
ONLY = ("past_due", "plan", "held")
NAMES_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the search form asks for."""

    words: str
    creditor: UUID | None
    only: str
    after: UUID | None

    def address(self, **changes: str) -> str:
        """Give the address of this search, changed."""
        values = {"q": self.words, "creditor": str(self.creditor or ""), "only": self.only} | changes
        return "/lender/accounts?" + urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, kw_only=True)
class ShownAccount:
    """One line of the list."""

    account: FoundAccount
    balance: Money
    days_past_due: int


@blueprint.get("/lender/accounts")
@staff()
def list_accounts() -> Response:
    """Search accounts, 50 a page."""
    now = portal().clock.now()
    wish = read_wish()
    with work().read() as tx:
        creditors = lenders.list_creditors(tx)
        filters = Filters(
            creditor_id=wish.creditor,
            is_past_due=wish.only == "past_due",
            has_plan=wish.only == "plan",
            is_held=wish.only == "held",
            account_ids=_matches(tx, wish.words, creditors) if wish.words else None,
        )
        found = account_search.search_accounts(
            tx, filters=filters, now=now, limit=PAGE_ROWS + 1, after=wish.after
        )
    rows = [_shown(account, now) for account in found[:PAGE_ROWS]]
    later = wish.address(after=str(rows[-1].account.account_id)) if len(found) > PAGE_ROWS else ""
    return show(
        "lender/accounts.html",
        rows=rows,
        wish=wish,
        creditors=creditors,
        later=later,
        first=wish.address() if wish.after else "",
    )


def read_wish() -> Wish:
    """Read the search form; what makes no sense is left out."""
    only = request.args.get("only", "")
    return Wish(
        words=clean(request.args.get("q", ""))[:120],
        creditor=read_id(request.args.get("creditor")),
        only=only if only in ONLY else "",
        after=read_id(request.args.get("after")),
    )


def read_id(text: str | None) -> UUID | None:
    """Read an id out of an address; None when it is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _matches(tx: Transaction, words: str, creditors: list[Creditor]) -> tuple[UUID, ...]:
    """Find accounts by the beginning of the reference, the phone number, or words of the name."""
    people = debtors.list_ids_by_name(tx, words=words, limit=NAMES_MAX)
    if len(re.sub(r"\D", "", western_digits(words))) >= 6:
        countries = {one.country for one in creditors if one.country} or {"US"}
        numbers = {normalize_phone(western_digits(words), country) for country in countries}
        for number in filter(None, numbers):
            people += debtors.find_id_by_phone(tx, phone=number)
    found = account_search.list_ids_by_ref(tx, start=words)
    if people:
        found += account_search.list_ids_of_debtors(tx, debtor_ids=people)
    return tuple(set(found))


def _shown(account: FoundAccount, now: datetime) -> ShownAccount:
    since = account.delinquent_since
    return ShownAccount(
        account=account,
        balance=Money(account.balance_minor, account.currency),
        days_past_due=max((now.date() - since).days, 0) if since else 0,
    )

"""The books at the desk: an account's statement at any date, a day of each creditor, notices that fit nothing."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, request

from portal.core.money import Money
from portal.core.statements import Effect, Statement, statement
from portal.store import accounts, books, closings, lenders
from portal.store.accounts import Account
from portal.store.books import CreditorDay
from portal.store.lenders import Creditor
from portal.web import access
from portal.web.context import work
from portal.web.language import gettext as _
from portal.web.lender.desk import show, today

blueprint = Blueprint("lender_books", __name__)

STATEMENT_DAYS = 90
UNMATCHED_MAX = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cause_words(cause: str) -> str:
    """Say why a posting was made."""
    words = {
        "payment": _("Payment"),
        "refund": _("Refund"),
        "returned": _("Taken back by the bank"),
        "refund_failed": _("A refund that did not arrive"),
        "waiver": _("Forgiven at the end of the plan"),
        "waiver_undone": _("Owed again"),
        "tranche": _("Forgiven on the way"),
        "as_signed": _("Forgiven as signed"),
        "training": _("Earned by a course"),
        "adjustment": _("Changed by the lender"),
        "valued": _("Valued by the market"),
    }
    return words.get(cause, cause)


def read_day(name: str, default: date) -> date:
    """Read a day of the address; what is none is the default."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default


def _load(account_id: UUID) -> tuple[Account, Statement]:
    until = read_day("until", today())
    since = min(read_day("since", until - timedelta(days=STATEMENT_DAYS)), until)
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        if account is None:
            abort(404)
        effects = books.list_effects(tx, account_id=account_id, since=since)
    return account, statement(balance=account.balance_minor, effects=effects, since=since, until=until)


@blueprint.get("/lender/accounts/<uuid:account_id>/statement")
@access.staff()
def show_statement(account_id: UUID) -> Response:
    """Show an account's statement of some days, to the unit; it can be printed."""
    account, made = _load(account_id)
    rows = [
        (
            line.effect.on,
            cause_words(line.effect.cause),
            line.effect,
            Money(line.effect.amount, account.currency),
            Money(line.balance, account.currency),
        )
        for line in made.lines
    ]
    return show(
        "lender/account_statement.html",
        account=account,
        made=made,
        rows=rows,
        opening=Money(made.opening, account.currency),
        closing=Money(made.closing, account.currency),
        path=f"/lender/accounts/{account_id}",
    )


PAID_ABROAD = ("paid_minor", "paid_currency", "rate", "rate_source", "margin_bp")
"""What a statement's file says of a payment in another currency."""


def _paid_abroad(effect: Effect) -> tuple[object, ...]:
    if effect.paid is None or effect.deal is None:
        return ("",) * len(PAID_ABROAD)
    rate = effect.deal.rate
    return effect.paid.minor, effect.paid.currency, str(rate.value), rate.source, effect.deal.margin_bp


@blueprint.get("/lender/accounts/<uuid:account_id>/statement.csv")
@access.staff()
def save_statement(account_id: UUID) -> Response:
    """Give the same statement as a file; amounts are whole minor units."""
    account, made = _load(account_id)
    nothing = ("",) * len(PAID_ABROAD)
    rows: list[Sequence[object]] = [(made.since, "opening", "", "", made.opening, account.currency, *nothing)]
    rows += [
        (
            line.effect.on,
            line.effect.cause,
            line.effect.payment_ref or "",
            line.effect.amount,
            line.balance,
            account.currency,
            *_paid_abroad(line.effect),
        )
        for line in made.lines
    ]
    rows.append((made.until, "closing", "", "", made.closing, account.currency, *nothing))
    header = ("day", "cause", "payment", "amount_minor", "balance_minor", "currency", *PAID_ABROAD)
    return as_csv(header, rows, name=f"statement-{made.since}-{made.until}.csv")


@blueprint.get("/lender/books")
@access.staff()
def show_books() -> Response:
    """Show what a day moved for each creditor and in total, and the notices that fit nothing."""
    on = read_day("day", today())
    with work().read() as tx:
        days = books.list_days(tx, on=on)
        unmatched = books.list_unmatched(tx, limit=UNMATCHED_MAX)
        running = closings.list_running(tx, on=on)
        ranges = {one.creditor_id: one for one in lenders.list_creditors(tx)}
    rows = [
        (one, *_sums(one.currency, one.taken, one.given_back, one.direct, one.net, one.settled))
        for one in days
    ]
    totals = _totals([(one.net, one.currency) for one in days])
    return show(
        "lender/books.html",
        on=on,
        rows=rows,
        totals=totals,
        unmatched=unmatched,
        running=[
            (
                one,
                *_sums(one.currency, one.net, one.direct, one.paid_out, one.held, one.settled),
            )
            for one in running
        ],
        in_all=_totals([(one.held, one.currency) for one in running]),
        beyond=[one.brand_name for one in days if _is_beyond(ranges[one.creditor_id], one)],
    )


def _sums(currency: str, *minors: int) -> list[Money]:
    return [Money(minor, currency) for minor in minors]


def _is_beyond(creditor: Creditor, day: CreditorDay) -> bool:
    """Tell whether a day has an account outside its creditor's own range of references."""
    return not (creditor.covers(day.first_account) and creditor.covers(day.last_account))


def _totals(sums: Sequence[tuple[int, str]]) -> dict[str, Money]:
    """Add up by currency."""
    return {
        currency: Money(sum(minor for minor, one in sums if one == currency), currency)
        for currency in sorted({one for _, one in sums})
    }


@blueprint.get("/lender/books/<uuid:creditor_id>.csv")
@access.staff()
def save_day(creditor_id: UUID) -> Response:
    """Give a creditor's day as a file: every side of every posting, so that two books can be laid side by side."""
    on = read_day("day", today())
    with work().read() as tx:
        if lenders.find_creditor(tx, creditor_id=creditor_id) is None:
            abort(404)
        entries = books.list_entries_of_day(tx, on=on, creditor_id=creditor_id)
    return as_csv(books.DAY_COLUMNS, entries, name=f"books-{on}.csv")


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]], *, name: str) -> Response:
    """Make a file of rows; a cell that a spreadsheet would calculate is kept as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow(["" if cell is None else _cell(cell) for cell in row])
    answer = make_response(out.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cell(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

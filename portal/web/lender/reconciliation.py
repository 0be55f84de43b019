"""Both books side by side at the desk: where they differ, by how much and why; the same as a file."""

import csv
import io
from collections.abc import Iterator

from flask import Blueprint, Response, request

from portal.actions.accounts.reconcile_accounts import Reconciled, list_reconciled, walk_reconciled
from portal.core.money import Money
from portal.core.reconciliation import KEPT, OTHER
from portal.store.rejects_file import escape_formula
from portal.store.work import Work
from portal.web import access
from portal.web.context import portal, work
from portal.web.language import gettext as _
from portal.web.lender.accounts import read_id
from portal.web.lender.books import cause_words
from portal.web.lender.desk import PAGE_ROWS, show

blueprint = Blueprint("lender_reconciliation", __name__)
HEADER = (
    "account", "state", "currency", "ours_minor", "theirs_minor", "told_at", "effect", "difference_minor", "causes",
)  # fmt: skip


@blueprint.get("/lender/reconciliation")
@access.staff()
def list_differences() -> Response:
    """List the accounts on which both books differ, or all of them."""
    is_all = request.args.get("only") == "all"
    after = read_id(request.args.get("after"))
    with work().read() as tx:
        page = list_reconciled(tx, after=after, limit=PAGE_ROWS, is_different_only=not is_all)
    kept = "&only=all" if is_all else ""
    return show(
        "lender/reconciliation.html",
        rows=[(one, *_figures(one), _causes(one)) for one in page.rows],
        is_all=is_all,
        effects=effect_words(),
        first="/lender/reconciliation" + (kept and "?only=all") if after else "",
        later=f"/lender/reconciliation?after={page.after}{kept}" if page.after else "",
    )


@blueprint.get("/lender/reconciliation.csv")
@access.staff()
def save_differences() -> Response:
    """Give the same as a file; amounts are whole minor units."""
    is_all = request.args.get("only") == "all"
    # Written after the request has ended: a unit of work of its own, not the one that the request shares.
    unit = portal().database.work(work().lender_id)
    response = Response(_lines(unit, is_all=is_all), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="reconciliation.csv"'
    return response


def _figures(one: Reconciled) -> tuple[Money, Money, Money]:
    books = one.books
    ours, theirs, difference = (
        Money(minor, one.currency) for minor in (books.ours, books.theirs, books.difference)
    )
    return ours, theirs, difference


def _causes(one: Reconciled) -> list[tuple[str, Money]]:
    words = {KEPT: _("Kept by the signed plan"), OTHER: _("Not explained by any posting")}
    return [
        (words.get(code) or cause_words(code), Money(amount, one.currency))
        for code, amount in one.books.causes
    ]


def effect_words() -> dict[str, str]:
    """Say what became of a figure that the case system told."""
    return {
        "none": _("Taken over"),
        "keep": _("The plan goes on as signed"),
        "requote": _("The plan goes on; a person offers one on the new figures"),
        "freeze": _("The plan rests until a person decides"),
    }


def _lines(unit: Work, *, is_all: bool) -> Iterator[str]:
    yield _line(HEADER)
    for one in walk_reconciled(unit, is_different_only=not is_all):
        books = one.books
        causes = " ".join(f"{code}:{amount}" for code, amount in books.causes)
        yield _line((
            escape_formula(one.account_ref), one.state, one.currency, books.ours, books.theirs,
            books.told_at.isoformat(), books.effect, books.difference, causes,
        ))  # fmt: skip


def _line(cells: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()

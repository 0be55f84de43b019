"""Files of accounts at the desk: sent, looked at first, imported, taken back."""

from uuid import UUID

from flask import Blueprint, Response, abort, request
from wtforms import BooleanField, FileField

from portal.actions.imports.queue_import import confirm_import, queue_import
from portal.actions.imports.undo_import import undo_import
from portal.core.imports.amounts import DECIMALS
from portal.core.imports.columns import ACCOUNTS, KINDS
from portal.core.imports.dates import ORDERS
from portal.core.imports.faults import explain
from portal.core.imports.files import Options
from portal.core.imports.wording.languages import language_of
from portal.gateways.tables.shapes import ENCODINGS, SEPARATORS
from portal.store import imports
from portal.store.imports import Import
from portal.store.rejects_file import write_rejects
from portal.web import access, language
from portal.web.context import portal, visitor, work
from portal.web.forms import Form, PickOne
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.accounts import read_id
from portal.web.lender.desk import KEEPERS, PAGE_ROWS, actor, show

blueprint = Blueprint("lender_imports", __name__)

SHOWN_MAX = 50
RUNNING = frozenset({"waiting", "running"})
_SEEN = ("", _l("see it in the file"))
_HOLDS = (
    ("accounts", _l("accounts: each with its person and its balance")),
    ("transactions", _l("transactions: payments, fees, interest and credits of your books")),
    ("lines", _l("lines: how each balance came to be")),
    ("recalls", _l("recalls: accounts that you take back")),
)
_ORDERS = (
    ("ymd", _l("2026-12-31: year, month, day")),
    ("dmy", _l("31.12.2026: day, month, year")),
    ("mdy", _l("12/31/2026: month, day, year")),
)
_MARKS = (_SEEN, ("point", _l("a point: 1,234.56")), ("comma", _l("a comma: 1.234,56")))
_BETWEEN = (_SEEN, ("comma", _l("a comma")), ("semicolon", _l("a semicolon")), ("tab", _l("a tab")))


class ImportForm(Form):
    """A file of accounts, and how it is to be read."""

    kind = PickOne(_l("What it holds"), options=_HOLDS)
    file = FileField(_l("File: CSV, XLSX or JSON lines"))
    date_order = PickOne(_l("Order of the dates"), options=_ORDERS)
    decimal = PickOne(_l("Decimal mark"), options=_MARKS)
    encoding = PickOne(_l("Encoding"), options=(_SEEN, *((one, one) for one in ENCODINGS)))
    separator = PickOne(_l("Between the cells"), options=_BETWEEN)
    is_whole = BooleanField(_l("It has every open account: report those that it lacks"))
    looks_first = BooleanField(_l("Look at it first and keep nothing"))

    def options(self) -> Options:
        """Give what the sender states; what was not picked is seen in the file."""
        kind = self.kind.data if self.kind.data in KINDS else ACCOUNTS.name
        return Options(
            kind=kind,
            date_order=self.date_order.data if self.date_order.data in ORDERS else "ymd",
            decimal=self.decimal.data if self.decimal.data in DECIMALS else None,
            encoding=self.encoding.data if self.encoding.data in ENCODINGS else None,
            separator=self.separator.data if self.separator.data in SEPARATORS else None,
            is_dry_run=bool(self.looks_first.data),
            is_whole=bool(self.is_whole.data) and kind == ACCOUNTS.name,
        )


def own_import(import_id: UUID) -> Import:
    """Find an import of this lender; anybody else's does not exist."""
    with work().read() as tx:
        found = imports.find_import(tx, import_id=import_id)
    if found is None:
        abort(404)
    return found


@blueprint.route("/lender/imports", methods=["GET", "POST"])
@access.staff()
def list_imports() -> Response:
    """List the files that came, newest first; send another."""
    form = ImportForm()
    if request.method == "GET":
        form.looks_first.data = True
    else:
        if not visitor().roles & set(KEEPERS):
            abort(403)
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            form.file.errors = [_("Choose a file")]
        elif form.validate():
            import_id = queue_import(
                work(),
                file=sent.stream,
                name=sent.filename,
                options=form.options(),
                actor=actor(),
                now=portal().clock.now(),
            )
            return see_other(f"/lender/imports/{import_id}")
    before = read_id(request.args.get("before"))
    with work().read() as tx:
        found = imports.list_page(tx, before=before, limit=PAGE_ROWS + 1)
    rows = found[:PAGE_ROWS]
    older = f"/lender/imports?before={rows[-1].import_id}" if len(found) > PAGE_ROWS else ""
    return show(
        "lender/imports.html",
        status=422 if form.has_errors else 200,
        rows=rows,
        form=form,
        older=older,
        kinds=kind_words(),
    )


def kind_words() -> dict[str, str]:
    """Say in one word what each kind of file holds."""
    return {
        "accounts": _("Accounts"),
        "transactions": _("Transactions"),
        "lines": _("Lines"),
        "recalls": _("Recalls"),
    }


@blueprint.get("/lender/imports/<uuid:import_id>")
@access.staff()
def show_import(import_id: UUID) -> Response:
    """Show what became of a file; while it runs, how far it is."""
    return import_page(own_import(import_id))


def import_page(found: Import, *, status: int = 200, problem: str = "") -> Response:
    """Render the page of a file, or its state alone."""
    said_in = language.current().tag
    with work().read() as tx:
        rejects = imports.list_rejects(tx, import_id=found.import_id, limit=SHOWN_MAX, after_row=-1)
    return show(
        "lender/import.html",
        fragment="lender/_import_state.html",
        status=status,
        file=found,
        problem=problem,
        is_running=found.state in RUNNING,
        rejects=[(one, *explain(one.fault, language=said_in)) for one in rejects],
        said_in=language_of(said_in),
        path=f"/lender/imports/{found.import_id}",
    )


@blueprint.post("/lender/imports/<uuid:import_id>/confirm")
@access.staff(*KEEPERS)
def confirm(import_id: UUID) -> Response:
    """Import a file that was looked at, now for good."""
    found = own_import(import_id)
    fresh_id = confirm_import(work(), import_id=import_id, actor=actor(), now=portal().clock.now())
    if fresh_id is None:
        return import_page(
            found, status=422, problem=_("This file cannot be imported any more. Send it again.")
        )
    return see_other(f"/lender/imports/{fresh_id}")


@blueprint.post("/lender/imports/<uuid:import_id>/undo")
@access.staff(*KEEPERS)
def undo(import_id: UUID) -> Response:
    """Take an import back while nobody was contacted."""
    found = own_import(import_id)
    kind = undo_import(work(), import_id=import_id, reason="staff", actor=actor(), now=portal().clock.now())
    if kind == "undone":
        return see_other(f"/lender/imports/{import_id}?done=import-undone")
    return import_page(found, status=422, problem=undo_words(kind))


def undo_words(kind: str) -> str:
    """Say why an import cannot be taken back."""
    return {
        "changed": _(
            "It changed accounts that were known before. Send a file with the right figures instead."
        ),
        "touched": _("Something happened to its accounts since: somebody was contacted, looked or paid."),
    }.get(kind, _("There is nothing to take back."))


@blueprint.get("/lender/imports/<uuid:import_id>/rejects.csv")
@access.staff()
def download_rejects(import_id: UUID) -> Response:
    """Give every row that came back, with its reason, as a file."""
    own_import(import_id)
    # Written after the request has ended: a unit of work of its own, not the one that the request shares.
    unit = portal().database.work(work().lender_id)
    lines = write_rejects(unit, import_id=import_id, language=language.current().tag)
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="rejects-{import_id}.csv"'
    return response

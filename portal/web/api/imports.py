"""Files of accounts over the API: sent, looked at, and the rows that were sent back."""

import io
import re
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, current_app, request

from portal.actions.accounts.import_accounts import ImportOutcome
from portal.actions.imports.import_file import SentFile, import_file
from portal.actions.imports.queue_import import queue_import
from portal.core.actors import LENDER_API
from portal.core.imports.amounts import DECIMALS
from portal.core.imports.columns import ACCOUNTS, KINDS
from portal.core.imports.dates import ORDERS
from portal.core.imports.faults import Fault
from portal.core.imports.files import Options
from portal.gateways.tables.shapes import ENCODINGS, SEPARATORS
from portal.store.work import Database, Work, open_database
from portal.web.access import caller
from portal.web.api import views
from portal.web.api.account_rows import places
from portal.web.api.import_results import SHOWN_MAX, import_answer, own_language, reject_view
from portal.web.api.models import ImportView
from portal.web.api.problems import RefusedError, field_error, refuse_field, refuse_fields
from portal.web.api.routes import PREFIX, Query, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_imports", __name__)

DRY_RUN_SHOWN_MAX = 1_000
_MAPPING = r"^[^\x00-\x1f]+=[a-z0-9_]+$"
_MAPPED = re.compile(r"[^\x00-\x1f\ud800-\udfff]+=[a-z0-9_]+")
WAIT_BYTES_MAX = 5_000_000
"""A larger file is always imported in the background."""
_MEDIA = (
    "multipart/form-data",
    "text/csv",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)


def _words(name: str, words: tuple[str, ...], about: str) -> Query:
    return Query(name=name, schema={"type": "string", "enum": list(words)}, about=about)


MAPPED_MAX = 24
_OPTIONS = (
    _words("kind", tuple(KINDS), "What the file holds; accounts when not stated."),
    _words("dry_run", ("true", "false"), "Look at the file and keep nothing."),
    _words("whole", ("true", "false"), "The file has every open account: report those that it lacks."),
    _words("date_order", ORDERS, "Order of day, month and year in the file; ymd when not stated."),
    _words("decimal", DECIMALS, "Decimal mark of the amounts; seen in the file when not stated."),
    _words("encoding", ENCODINGS, "Encoding of the file; seen in it when not stated."),
    _words("separator", tuple(SEPARATORS), "What stands between cells; seen in the file when not stated."),
    Query(
        name="map",
        schema={
            "type": "array",
            "items": {"type": "string", "pattern": "^[^\\x00-\\x1f]+=[a-z0-9_]+$"},
            "maxItems": MAPPED_MAX,
        },
        about="A column by another name, `theirs=ours`, as often as needed; remembered for the next file.",
    ),
    _words("wait", ("true", "false"), "false: answer 202 at once; the file is imported in the background."),
    Query(name="file_name", schema={"type": "string", "maxLength": 200}, about="How you call the file."),
)


@route(
    blueprint,
    Route(
        method="POST",
        path="/imports",
        scope="imports:write",
        summary="Import a file of accounts, transactions, lines or recalls: CSV, XLSX or JSON lines",
        media=_MEDIA,
        queries=_OPTIONS,
        answers={200: ImportView, 201: ImportView, 202: ImportView},
        problems=(400, 409, 413, 415, 422, 503),
    ),
)
def send_import() -> Response:
    options = _options()
    stream, name = _file()
    now = portal().clock.now()
    if views.word_of("wait", ("true", "false")) == "false" or (request.content_length or 0) > WAIT_BYTES_MAX:
        return _queued(stream, name, options)
    sent = SentFile(
        file=stream, name=name, options=options, places=places(now.date()), actor=LENDER_API, now=now
    )
    outcome = import_file(portal().database.work(caller().lender_id), _bulk_work(), sent)
    if outcome.refused is not None:
        raise _refused(outcome.refused)
    return _import_answer(outcome, options)


def _options() -> Options:
    """Read what is stated about the file; raises RefusedError."""
    kind = views.word_of("kind", tuple(KINDS)) or ACCOUNTS.name
    is_whole = views.word_of("whole", ("true", "false")) == "true"
    if is_whole and kind != ACCOUNTS.name:
        fix = "Leave whole out, or send the file as kind=accounts."
        raise refuse_field("whole", "kind", "Only a file of accounts is whole.", fix)
    return Options(
        kind=kind,
        date_order=views.word_of("date_order", ORDERS) or "ymd",
        decimal=views.word_of("decimal", DECIMALS),
        mapping=_mapping(),
        is_dry_run=views.word_of("dry_run", ("true", "false")) == "true",
        is_whole=is_whole,
        encoding=views.word_of("encoding", ENCODINGS),
        separator=views.word_of("separator", tuple(SEPARATORS)),
    )


def _queued(stream: BinaryIO, name: str, options: Options) -> Response:
    """Keep the file for a worker: a large one takes longer than anybody waits for an answer."""
    _bulk_work()  # whether imports are set up is said now, not by a job
    unit = portal().database.work(caller().lender_id)
    now = portal().clock.now()
    import_id = queue_import(unit, file=stream, name=name, options=options, actor=LENDER_API, now=now)
    return import_answer(import_id, status=202)


def _mapping() -> dict[str, str]:
    pairs = [one.rpartition("=") for one in request.args.getlist("map")]
    if any(not _MAPPED.fullmatch(f"{theirs}={ours}") for theirs, _, ours in pairs):
        raise refuse_field("map", "format", "This is no mapping.", "Write it as theirs=ours.", status=400)
    if len(pairs) > MAPPED_MAX:
        fix = f"Send at most {MAPPED_MAX}: a file has no more columns."
        raise refuse_field("map", "too_long", "There are too many.", fix, status=400)
    return {theirs: ours for theirs, _, ours in pairs}


def _import_answer(outcome: ImportOutcome, options: Options) -> Response:
    most = SHOWN_MAX if outcome.import_id else DRY_RUN_SHOWN_MAX
    place = f"{PREFIX}/imports/{outcome.import_id}" if outcome.import_id else None
    view = ImportView(
        id=str(outcome.import_id) if outcome.import_id else None,
        kind=cast("Any", options.kind),
        state=cast("Any", outcome.state),
        counts=outcome.counts,
        reading=outcome.reading,
        imported_before=outcome.before,
        rejects=[reject_view(number, fault, own_language()) for number, fault in outcome.rejects[:most]],
        rejects_csv=f"{place}/rejects.csv" if place else None,
    )
    return json_answer(view, 201 if place else 200, location=place)


def _refused(fault: Fault) -> RefusedError:
    return refuse_fields([field_error(fault, "file")])


def _file() -> tuple[BinaryIO, str]:
    """Give the file that was sent, as a form's part or as the whole body."""
    name = request.args.get("file_name", "")[:200]
    if request.mimetype == "multipart/form-data":
        part = request.files.get("file")
        if part is None:
            detail = "The form has no part named file."
            raise RefusedError(400, "There is no file", detail=detail, errors=[
                {"field": "file", "reason": "required", "detail": detail, "fix": "Send the file under this name."}
            ])  # fmt: skip
        return cast("BinaryIO", part.stream), name or (part.filename or "file")[:200]
    if request.mimetype not in _MEDIA:
        raise RefusedError(415, "This kind of file is not read", detail=f"Send one of {', '.join(_MEDIA)}.")
    return io.BytesIO(request.get_data()), name or "file"


def _bulk_work() -> Work:
    """Give the calling lender's unit of work in the bulk role; raises RefusedError where it is not set up."""
    services = portal()
    url = services.settings.bulk_database_url
    if url is None:
        raise RefusedError(503, "Imports are not set up", detail="PORTAL_BULK_DATABASE_URL is not set.")
    opened: Database | None = current_app.extensions.get("portal_bulk")
    if opened is None:
        opened = current_app.extensions["portal_bulk"] = open_database(
            url=url,
            master_key=services.settings.master_key,
            previous_master_key=services.settings.master_key_previous,
            new_id=services.database.new_id,
            pool_size=1,
        )
    return opened.work(caller().lender_id)

"""What became of a file: counts, how far it is, the rows that were sent back, and taking it back."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from portal.actions.imports.undo_import import undo_import
from portal.core.actors import LENDER_API
from portal.core.imports.faults import Fault, explain
from portal.store import imports, lenders
from portal.store.rejects_file import write_rejects
from portal.web.access import caller
from portal.web.api.models import Code, ImportView, RejectView, Strict
from portal.web.api.problems import RefusedError, not_found
from portal.web.api.routes import PREFIX, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_import_results", __name__)

SHOWN_MAX = 20
_UNDO_REFUSALS = {
    "not_finished": "It is not a finished import: nothing of it is there, or it was taken back before.",
    "changed": "It changed accounts that were known before: send the right figures in another file.",
    "touched": "Something was told of its accounts since: a message, a visit, a hold, a payment, a change.",
}


class UndoBody(Strict):
    reason: Code = "wrong_file"


@route(
    blueprint,
    Route(
        method="GET",
        path="/imports/{id}",
        scope="imports:read",
        summary="See what became of a file",
        answers={200: ImportView},
        problems=(404,),
    ),
)
def show_import(id: str) -> Response:  # noqa: A002 - the word of the address
    return import_answer(_id(id))


def import_answer(import_id: UUID, *, status: int = 200) -> Response:
    """Answer what is known of an import, with the address where to ask again."""
    with portal().database.work(caller().lender_id).read() as tx:
        found = imports.find_import(tx, import_id=import_id)
        shown = imports.list_rejects(tx, import_id=import_id, limit=SHOWN_MAX, after_row=-1)
    if found is None:
        raise not_found("import")
    language = own_language()
    reading = {name: value for name, value in found.mapping.items() if name not in {"columns", "wish"}}
    place = f"{PREFIX}/imports/{import_id}"
    view = ImportView(
        id=str(import_id),
        kind=cast("Any", found.kind),
        state=cast("Any", found.state),
        counts=dict(found.counts),
        reading=reading,
        rejects=[reject_view(one.row_number, one.fault, language) for one in shown],
        rejects_csv=f"{place}/rejects.csv",
    )
    return json_answer(view, status, location=place if status == 202 else None)


@route(
    blueprint,
    Route(
        method="POST",
        path="/imports/{id}/undo",
        scope="imports:write",
        summary="Take an import back as a whole, while nobody was contacted",
        body=UndoBody,
        answers={200: ImportView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def take_back_import(id: str, body: UndoBody) -> Response:  # noqa: A002 - the word of the address
    import_id = _id(id)
    kind = undo_import(
        portal().database.work(caller().lender_id),
        import_id=import_id,
        reason=body.reason,
        actor=LENDER_API,
        now=portal().clock.now(),
    )
    if kind == "unknown":
        raise not_found("import")
    if kind != "undone":
        raise RefusedError(409, "It cannot be taken back", detail=_UNDO_REFUSALS[kind], reason=kind)
    return import_answer(import_id)


@route(
    blueprint,
    Route(
        method="GET",
        path="/imports/{id}/rejects.csv",
        scope="imports:read",
        summary="Download the rows that were sent back, with reasons",
        answers={200: None},
        gives="text/csv",
        problems=(404,),
    ),
)
def show_rejects(id: str) -> Response:  # noqa: A002 - the word of the address
    import_id = _id(id)
    work = portal().database.work(caller().lender_id)
    with work.read() as tx:
        if imports.find_import(tx, import_id=import_id) is None:
            raise not_found("import")
    lines = write_rejects(work, import_id=import_id, language=own_language())
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="rejects-{import_id}.csv"'
    return response


def own_language() -> str | None:
    """Give the language that the calling lender chose: reasons are said in it."""
    with portal().database.work(caller().lender_id).read() as tx:
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    return lender.settings.get("language") if lender else None


def reject_view(number: int, fault: Fault, language: str | None) -> RejectView:
    detail, fix = explain(fault, language=language)
    return RejectView(
        row=number,
        column=fault.column or None,
        value=fault.value,
        reason=fault.reason,
        detail=detail,
        fix=fix,
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise not_found("import") from None

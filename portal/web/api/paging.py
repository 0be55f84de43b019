"""Keyset pages: `limit` and `after` in the address, `next` in the answer, and nothing is counted or skipped over."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from flask import request

from portal.web.api import views
from portal.web.api.problems import RefusedError, refuse_field
from portal.web.api.routes import Query

PAGE_MAX = 200
PAGE_ROWS = 50
LIMIT = Query(
    name="limit",
    schema={"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": PAGE_ROWS},
    about="Page size.",
)
AFTER_ID = Query(
    name="after", schema={"type": "string", "format": "uuid"}, about="`next` of the page before."
)
AFTER_DUE = Query(
    name="after",
    schema={"type": "string", "pattern": "^[0-9]{1,17}_[0-9a-f]{32}$"},
    about="`next` of the page before.",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
Row = TypeVar("Row")


def limit() -> int:
    """Read the page size; raises RefusedError (400)."""
    return views.number_of("limit", default=PAGE_ROWS, highest=PAGE_MAX)


def after_id(name: str = "after") -> UUID | None:
    """Read a cursor that is an id; raises RefusedError (400)."""
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise _no_cursor(name) from None


def after_due() -> tuple[datetime, UUID] | None:
    """Read a cursor of a queue that is ordered by the promised time; raises RefusedError (400)."""
    text = request.args.get("after")
    if text is None:
        return None
    moment, _, name = text.partition("_")
    try:
        if not (moment.isascii() and moment.isdigit() and len(moment) <= 17):
            raise _no_cursor("after")
        return _EPOCH + int(moment) * _MICROSECOND, UUID(hex=name)
    except (ValueError, OverflowError):
        raise _no_cursor("after") from None


def write_due(due_at: datetime, row_id: UUID) -> str:
    """Write the cursor of a row of such a queue."""
    return f"{(due_at - _EPOCH) // _MICROSECOND}_{row_id.hex}"


def cut(rows: Sequence[Row], most: int) -> tuple[Sequence[Row], Row | None]:
    """Split what was read with one row too many into the page and its last row, None on the last page."""
    page = rows[:most]
    return page, page[-1] if len(rows) > most else None


def _no_cursor(name: str) -> RefusedError:
    return refuse_field(
        name,
        "format",
        "This is no cursor.",
        "Send `next` of the page before, or leave it out.",
        status=400,
    )

"""The rows of an import that came back, as a file for the lender: number, column, why, and what to do."""

import csv
import io
from collections.abc import Iterator
from uuid import UUID

from portal.core.imports.faults import explain
from portal.store import imports
from portal.store.imports import Reject
from portal.store.work import Work

HEADER = ("row", "column", "value", "reason", "detail", "fix")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_rejects(work: Work, *, import_id: UUID, language: str | None) -> Iterator[str]:
    """Write the file line by line, in the lender's language; memory does not grow with it."""
    yield _line(*HEADER)
    with work.read() as tx:
        for one in imports.walk_rejects(tx, import_id=import_id):
            yield _line(*_cells(one, language))


def _cells(one: Reject, language: str | None) -> tuple[str, ...]:
    detail, fix = explain(one.fault, language=language)
    return str(one.row_number), one.fault.column, one.fault.value, one.fault.reason, detail, fix


def _line(*cells: str) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([escape_formula(cell) for cell in cells])
    return text.getvalue()


def escape_formula(cell: str) -> str:
    """Keep a spreadsheet from running a cell: an apostrophe goes before what begins like a formula (OWASP)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

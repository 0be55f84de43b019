"""One JSON object a line; keys are column names, numbers are exact. A row has the number of its line."""

import io
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO

from portal.core.imports.faults import Fault
from portal.gateways.tables.encodings import Encoding
from portal.gateways.tables.shapes import CELL_CHARS_MAX, Row, TableError

_LINE_MAX = 4 * CELL_CHARS_MAX


def open_json_lines(
    stream: BinaryIO, encoding: Encoding, *, columns: Sequence[str]
) -> tuple[list[object], Iterator[Row], str | None]:
    """Give the header (the keys of the first object, then the columns it lacks) and the rows; raises TableError."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding.codec, errors="surrogateescape", newline="\n")
    first = _object(text.readline(_LINE_MAX))
    if isinstance(first, Fault):
        raise TableError("file.binary")
    header = [*first, *(name for name in columns if name not in first)]
    text.seek(0)
    return list(header), _rows(text, header), None


def _rows(text: io.TextIOWrapper, header: list[str]) -> Iterator[Row]:
    number = 0
    while line := text.readline(_LINE_MAX):
        number += 1
        if not line.strip():
            continue
        if len(line) >= _LINE_MAX and not line.endswith("\n"):
            raise TableError("file.quote_open", row=number, limit=CELL_CHARS_MAX)
        found = _object(line)
        yield number, found if isinstance(found, Fault) else [found.get(name) for name in header]
    text.detach()


def _object(line: str) -> dict[str, object] | Fault:
    try:
        found = json.loads(line.lstrip("\ufeff"), parse_float=Decimal)
    except (ValueError, RecursionError):
        return Fault("", "row.not_object")
    return found if isinstance(found, dict) else Fault("", "row.not_object")

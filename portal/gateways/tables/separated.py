"""Cells separated by comma, semicolon or tab, with quoted line breaks; read row by row."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from portal.core.imports.faults import Fault
from portal.gateways.tables.encodings import Encoding
from portal.gateways.tables.shapes import CELL_CHARS_MAX, CELLS_MAX, SEPARATORS, Row, TableError

_HEAD_CHARS = 65_536


def open_separated(
    stream: BinaryIO, encoding: Encoding, *, stated: str | None
) -> tuple[list[object], Iterator[Row], str]:
    """Give the header, the rows and the name of the separator; raises TableError."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding.codec, errors=_errors(encoding.codec), newline="")
    try:
        separator = stated or _see_separator(text, encoding)
        rows = _read(text, SEPARATORS[separator], encoding)
        return _header(rows), _kept_open(text, rows), separator
    except TableError:
        text.detach()
        raise


def _header(rows: Iterator[Row]) -> list[object]:
    number, header = next(rows, (0, []))
    if isinstance(header, Fault):
        raise TableError("file.quote_open", row=number, limit=CELL_CHARS_MAX)
    if len(header) > CELLS_MAX:
        raise TableError("file.too_wide", found=len(header), limit=CELLS_MAX)
    if not header:
        raise TableError("file.empty")
    return header


def _errors(codec: str) -> str:
    """Keep what cannot be decoded visible, so that its row is sent back and the others are read."""
    return "surrogateescape" if codec.startswith(("utf-8", "cp")) else "replace"


def _kept_open(text: io.TextIOWrapper, rows: Iterator[Row]) -> Iterator[Row]:
    """Leave the caller's stream open when the last row was read, or when nobody asks for more."""
    try:
        yield from rows
    finally:
        with suppress(ValueError):  # the caller has closed it
            text.detach()


def _see_separator(text: io.TextIOWrapper, encoding: Encoding) -> str:
    try:
        head = text.read(_HEAD_CHARS)
    except UnicodeError:
        raise TableError("file.encoding_wrong", encoding=encoding.name) from None
    text.seek(0)
    first = head.lstrip("\r\n").partition("\n")[0].partition("\r")[0]
    outside = "".join(first.split('"')[::2])
    counts = sorted(((outside.count(mark), name) for name, mark in SEPARATORS.items()), reverse=True)
    if not head.strip():
        raise TableError("file.empty")
    if not counts[0][0]:
        raise TableError("file.separator_unclear")
    return counts[0][1]


def _read(text: io.TextIOWrapper, mark: str, encoding: Encoding) -> Iterator[Row]:
    """Number the rows as a spreadsheet does. A quote in the wrong place costs its row; an open one the file."""
    csv.field_size_limit(CELL_CHARS_MAX)
    reader = csv.reader(text, delimiter=mark, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except UnicodeError:
            raise TableError("file.encoding_wrong", encoding=encoding.name) from None
        except csv.Error as error:
            if "expected after" not in str(error):
                raise TableError("file.quote_open", row=number, limit=CELL_CHARS_MAX) from None
            yield number, Fault("", "row.quote")
        else:
            if cells:
                yield number, cells  # type: ignore[misc]

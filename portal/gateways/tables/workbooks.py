"""XLSX workbooks: the first sheet, streamed; refused before they are unpacked when they are a bomb."""

import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from portal.gateways.tables.shapes import CELLS_MAX, Row, TableError

UNPACKED_MAX = 1 << 29
STRINGS_MAX = 1 << 26
RATIO_MAX = 200
ENTRIES_MAX = 5_000
_HEAD = 4_096
_BROKEN = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, zipfile.BadZipFile,
    InvalidFileException, ParseError, NotImplementedError,
)  # fmt: skip


def open_workbook(stream: BinaryIO) -> tuple[list[object], Iterator[Row], str | None]:
    """Give the header and the rows of the first sheet; raises TableError for bombs, macros, entities and ruins."""
    stream.seek(0)
    try:
        _check(stream)
        stream.seek(0)
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        rows = _rows(book.worksheets[0].iter_rows(values_only=True))
        number, header = next(rows, (0, []))
    except _BROKEN as error:
        if isinstance(error, TableError):
            raise
        raise TableError("workbook.broken") from None
    if not number or not isinstance(header, list):
        raise TableError("file.empty")
    if len(header) > CELLS_MAX:
        raise TableError("file.too_wide", found=len(header), limit=CELLS_MAX)
    return header, _of_width(rows, len(header)), None


def _check(stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream) as parts:
        entries = parts.infolist()
        whole = sum(entry.file_size for entry in entries)
        if whole > UNPACKED_MAX or len(entries) > ENTRIES_MAX:
            raise TableError("workbook.too_large", limit=UNPACKED_MAX >> 20)
        for entry in entries:
            _check_entry(parts, entry)


def _check_entry(parts: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    name = entry.filename.lower()
    if entry.file_size > _HEAD * RATIO_MAX and entry.file_size > RATIO_MAX * max(entry.compress_size, 1):
        raise TableError("workbook.ratio")
    if name.endswith("sharedstrings.xml") and entry.file_size > STRINGS_MAX:
        raise TableError("workbook.too_large", limit=STRINGS_MAX >> 20)
    if name.endswith(("vbaproject.bin", ".xlm")) or "macrosheets/" in name:
        raise TableError("workbook.macros")
    if name.endswith((".xml", ".rels")):
        with parts.open(entry) as part:
            head = part.read(_HEAD).replace(b"\x00", b"").upper()
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise TableError("workbook.entities")


def _rows(rows: Iterator[tuple[object, ...]]) -> Iterator[Row]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except _BROKEN:
            raise TableError("workbook.broken") from None
        while cells and cells[-1] is None:
            cells = cells[:-1]
        if cells:
            yield number, [_cell(cell) for cell in cells]


def _of_width(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """A workbook leaves empty cells at the end of a row out: put them back."""
    for number, cells in rows:
        yield number, cells + [None] * (width - len(cells)) if isinstance(cells, list) else cells


def _cell(cell: object) -> object:
    """Numbers become exact decimals as they are shown; dates stay dates; everything else is text."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else Decimal(repr(cell))
    if cell is None or isinstance(cell, (int, str, date)):
        return cell
    return str(cell)

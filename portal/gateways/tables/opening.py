"""Opens a file of accounts, whichever of the formats it has: CSV, XLSX or JSON lines."""

from collections.abc import Sequence
from typing import BinaryIO

from portal.gateways.tables.encodings import Scan, find_encoding, scan
from portal.gateways.tables.json_lines import open_json_lines
from portal.gateways.tables.separated import open_separated
from portal.gateways.tables.shapes import SEPARATORS, Table, TableError
from portal.gateways.tables.workbooks import open_workbook

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def open_table(
    stream: BinaryIO,
    *,
    name: str,
    columns: Sequence[str] = (),
    encoding: str | None = None,
    separator: str | None = None,
) -> Table:
    """Open a seekable stream of bytes; the format is told by its first bytes, not by its name.

    `encoding` is one of `ENCODINGS` or a usual alias, `separator` comma, semicolon or tab; what is not stated is
    seen in the file and named in `detected`. `columns` complete the keys of JSON lines. Raises TableError.
    """
    if separator is not None and separator not in SEPARATORS:
        raise TableError("file.separator_unclear")
    found = scan(stream)
    if not found.size:
        raise TableError("file.empty")
    if found.head.startswith(_ZIP):
        header, rows, _ = open_workbook(stream)
        return Table(kind="xlsx", header=header, rows=rows, digest=found.digest, name=name)
    if found.head.startswith(_OLD_OFFICE):
        raise TableError("file.binary")
    return _open_text(stream, found, name=name, columns=columns, encoding=encoding, separator=separator)


def _open_text(
    stream: BinaryIO,
    found: Scan,
    *,
    name: str,
    columns: Sequence[str],
    encoding: str | None,
    separator: str | None,
) -> Table:
    code = find_encoding(found, stated=encoding)
    if _is_binary(found.head) and code.name != "utf-16":
        raise TableError("file.binary")
    is_json = found.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    if is_json:
        header, rows, used = open_json_lines(stream, code, columns=columns)
    else:
        header, rows, used = open_separated(stream, code, stated=separator)
    seen = [*(["encoding"] if code.is_detected else []), *(["separator"] if used and not separator else [])]
    return Table(
        kind="jsonl" if is_json else "csv",
        header=header,
        rows=rows,
        digest=found.digest,
        name=name,
        encoding=code.name,
        separator=used,
        detected=tuple(seen),
    )


def _is_binary(head: bytes) -> bool:
    """Many zero bytes are no text; a few are characters nobody can see, and send back their rows."""
    return head.count(0) > len(head) // 50

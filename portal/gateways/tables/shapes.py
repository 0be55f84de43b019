"""What a file of rows looks like once it is open, whatever its format was."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.core.imports.faults import Fault, explain

CELLS_MAX = 200
CELL_CHARS_MAX = 131_072
ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "windows-874", "windows-1252")
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


class TableError(ValueError):
    """The file as a whole cannot be read; `fault` says why and what to do. Nothing of it was taken."""

    def __init__(self, reason: str, **params: object) -> None:
        self.fault = Fault("", reason, params=params)
        super().__init__(" ".join(explain(self.fault)))


Row = tuple[int, list[object] | Fault]
"""The number that a spreadsheet shows (the header is row 1; of JSON lines, the line), and the cells or a fault."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file that is open: its header, and its rows one by one, read as they are asked for.

    `detected` names what was seen in the file instead of stated by its sender: encoding, separator.
    """

    kind: str
    header: list[object]
    rows: Iterator[Row]
    digest: bytes
    name: str
    encoding: str | None = None
    separator: str | None = None
    detected: tuple[str, ...] = field(default=())

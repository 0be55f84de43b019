"""A lender's folder for files that come by SFTP: what arrived whole is taken, worked on, and put away.

    in/       the lender writes here
    working/  taken: renamed once, so that two watchers never take the same file, and named for good
    done/     imported, with its report beside it
    failed/   not imported, with its report beside it

A name in `working` is what a file is known by from then on: whoever finds it there after a crash goes on with it.
Nothing that is a link, a folder or a device is ever opened.
"""

import json
import os
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

SETTLED_SECONDS = 60.0
"""A file that was written to within so many seconds may still be on its way."""
OPTIONS_NAME = "import.json"
OPTIONS_BYTES_MAX = 64 * 1024
_UNFINISHED = (".part", ".tmp", ".filepart", ".partial", ".crdownload", ".swp")
_STAMP = "%Y%m%dT%H%M%S.%fZ"


class OptionsError(ValueError):
    """The options beside the files are no JSON object."""


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A file that was taken: `name` as it is known from then on, `own_name` as the lender called it."""

    name: str
    own_name: str
    taken_at: datetime

    def import_id(self, *, lender_id: int) -> UUID:
        """Give the id of its import: the same each time it is asked for, so that a crash never makes two."""
        milliseconds = int(self.taken_at.timestamp() * 1000)
        bits = int.from_bytes(sha256(f"{lender_id}/{self.name}".encode()).digest()[:10], "big")
        high, low = (bits >> 62) & 0xFFF, bits & (1 << 62) - 1
        return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


class DropFolder:
    """The folder of one lender."""

    def __init__(self, root: Path, *, settled_seconds: float = SETTLED_SECONDS) -> None:
        self._root = root
        self._settled_seconds = settled_seconds
        self._places = {name: root / name for name in ("in", "working", "done", "failed")}

    def is_there(self) -> bool:
        """Tell whether somebody made a folder for this lender."""
        return self._root.is_dir()

    def take(self) -> list[Dropped]:
        """Take every file that has arrived whole; gives all that are being worked on, the oldest first."""
        for place in self._places.values():
            place.mkdir(mode=0o750, exist_ok=True)
        for entry in sorted(os.scandir(self._places["in"]), key=lambda one: one.name):
            if self._is_whole(entry.name, Path(entry.path)):
                stamp = datetime.now(UTC).strftime(_STAMP)
                with suppress(FileNotFoundError):  # another watcher was faster
                    Path(entry.path).rename(self._places["working"] / f"{stamp}-{entry.name}")
        return self._working()

    def open(self, one: Dropped) -> BinaryIO:
        """Open a file that was taken; raises OSError when it is no plain file or is gone."""
        opened = os.open(self._places["working"] / one.name, os.O_RDONLY | os.O_NOFOLLOW)
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            os.close(opened)
            raise OSError("not a plain file")
        return os.fdopen(opened, "rb")

    def options(self) -> Mapping[str, Any]:
        """Read what the lender states about its files; nothing when it states nothing. Raises OptionsError."""
        try:
            opened = os.open(self._root / OPTIONS_NAME, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return {}
        except OSError as fault:
            raise OptionsError(fault.strerror or "it cannot be opened") from fault
        with os.fdopen(opened, "rb") as file:
            try:
                found = json.loads(file.read(OPTIONS_BYTES_MAX))
            except ValueError as fault:
                raise OptionsError(str(fault)) from fault
        if not isinstance(found, dict):
            raise OptionsError("it is no JSON object")
        return found

    def put_away(
        self, one: Dropped, *, place: str, report: Mapping[str, Any], rejects: Iterable[str] | None = None
    ) -> None:
        """Write the report of a file beside it, then move it to `place`, done or failed.

        Safe to do again after a crash in between: the file moves last.
        """
        target = self._places[place]
        text = json.dumps(report, indent=2, ensure_ascii=False, default=str) + "\n"
        _write(target / f"{one.name}.report.json", [text])
        if rejects is not None:
            _write(target / f"{one.name}.rejects.csv", rejects)
        with suppress(FileNotFoundError):  # another watcher was faster
            (self._places["working"] / one.name).rename(target / one.name)

    def _is_whole(self, name: str, path: Path) -> bool:
        if name.startswith(".") or name.lower().endswith(_UNFINISHED):
            return False
        try:
            found = path.lstat()
        except FileNotFoundError:
            return False
        return stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime >= self._settled_seconds

    def _working(self) -> list[Dropped]:
        names = sorted(entry.name for entry in os.scandir(self._places["working"]))
        return [found for name in names if (found := _read_name(name)) is not None]


def _read_name(name: str) -> Dropped | None:
    stamp, _, own_name = name.partition("-")
    try:
        taken_at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Dropped(name=name, own_name=own_name, taken_at=taken_at)


def _write(path: Path, lines: Iterable[str]) -> None:
    """Write a file under another name first: it is whole, or not there."""
    draft = path.with_name(f".{path.name}")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
    draft.replace(path)

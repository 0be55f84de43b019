"""An append-only file of JSON lines, so that a restart keeps the data; without a path it forgets."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER_VARIABLE = "PORTAL_SIMULATOR_DATA"


class Journal:
    """One process writes it; the last line of a killed process may be cut, and is skipped."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)

    def read(self) -> Iterator[dict[str, Any]]:
        if self._path is None or not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError:
                    continue

    def write(self, row: dict[str, Any]) -> None:
        if self._path is None:
            return
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, separators=(",", ":")) + "\n")


def usual_file(name: str) -> Path | None:
    """The file of a party in the folder that the environment names, if it names one."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return Path(folder) / f"{name}.jsonl" if folder else None

"""`python -m benchmarks [NAME …] [--keep]` runs the benchmarks of this folder; each is a file with `run()`.

`run()` prints lines of figure, reference, ratio and goal, and returns whether every goal holds.
`--keep` puts the lines on docs/speed.md with today's date.
"""

import contextlib
import importlib
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import kept

HELPERS = {"__init__", "__main__", "kept", "measure"}


def names() -> list[str]:
    """Return the benchmarks of the folder: the files that define `run`."""
    here = Path(__file__).parent
    return sorted(
        path.stem
        for path in here.glob("*.py")
        if path.stem not in HELPERS and "\ndef run(" in path.read_text(encoding="utf-8")
    )


class Tee(io.StringIO):
    """Keeps what is printed, and prints it."""

    def __init__(self, screen: io.TextIOBase) -> None:
        super().__init__()
        self.screen = screen

    def write(self, text: str) -> int:
        self.screen.write(text)
        self.screen.flush()
        return super().write(text)


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all; exit status 1 when a goal is missed."""
    known, is_kept = names(), "--keep" in arguments
    arguments = [name for name in arguments if name != "--keep"]
    unknown = [name for name in arguments if name not in known]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
        return 2
    good = True
    for name in arguments or known:
        print(f"== {name}")
        told = Tee(sys.stdout)
        with contextlib.redirect_stdout(told):
            good = importlib.import_module(f"benchmarks.{name}").run() is not False and good
        if is_kept:
            kept.keep(known, name, told.getvalue(), on=datetime.now(UTC).date())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

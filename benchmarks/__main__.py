"""`python -m benchmarks [NAME …]` runs the benchmarks of this folder; each is a file with `run()`.

`run()` prints lines of figure, reference, ratio and goal, and returns whether every goal holds.
"""

import importlib
import sys
from pathlib import Path

HELPERS = {"__init__", "__main__", "measure"}


def names() -> list[str]:
    """Return the benchmarks of the folder: the files that define `run`."""
    here = Path(__file__).parent
    return sorted(
        path.stem
        for path in here.glob("*.py")
        if path.stem not in HELPERS and "\ndef run(" in path.read_text(encoding="utf-8")
    )


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all; exit status 1 when a goal is missed."""
    known = names()
    unknown = [name for name in arguments if name not in known]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
        return 2
    good = True
    for name in arguments or known:
        print(f"== {name}")
        good = importlib.import_module(f"benchmarks.{name}").run() is not False and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The page docs/speed.md: what each benchmark measures, and the lines of its last kept run with their date."""

import ast
import re
from datetime import date
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "speed.md"
NOTHING = "no kept run"
_HEAD = """\
# Speed

What is measured, against which goal, and what came out last. `python -m benchmarks NAME --keep` runs one and writes
its lines here; without names it runs all. Two shared cores unless a line says otherwise: the ratios count, taken turn
by turn, not the times. A goal that was missed says so. {nothing} means that nobody has kept one since this page exists.
"""


def about(path: Path) -> str:
    """Return the first paragraph of a benchmark's own description, on one line."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n", 1)[0].split())


def read_kept() -> dict[str, str]:
    """Read which lines the page has of each benchmark, with their date."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return {
        name: body.strip()
        for name, body in re.findall(r"^## (\w+)\n\n.*?\n\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    }


def write_page(names: list[str], kept: dict[str, str]) -> str:
    """Write the page from what was kept."""
    here = Path(__file__).parent
    head = _HEAD.format(nothing=NOTHING.capitalize())
    parts = [f"## {name}\n\n{about(here / f'{name}.py')}\n\n{kept.get(name) or NOTHING}\n" for name in names]
    return "\n".join([head, *parts])


def keep(names: list[str], name: str, lines: str, *, on: date) -> None:
    """Put the lines of a run on the page."""
    kept = read_kept() | {name: f"{on.isoformat()}\n\n```\n{lines.strip()}\n```"}
    PAGE.write_text(write_page(names, kept), encoding="utf-8")

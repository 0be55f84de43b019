"""The tree of the product as the walkers see it: tracked files, parsed once."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def tracked():
    """List every file that git knows, and new ones that it does not ignore; a plain copy lists what is there."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, check=True, capture_output=True,
        ).stdout.decode()  # fmt: skip
        names = [name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [
            path.relative_to(ROOT).as_posix()
            for top in ("portal", "templates", "static", "migrations", "tests", "docs", "benchmarks")
            for path in (ROOT / top).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        ]
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def files(top, ending):
    return [ROOT / name for name in tracked() if name.startswith(top) and name.endswith(ending)]


@dataclass(frozen=True)
class Source:
    """One Python file: its dotted name, text and syntax tree."""

    name: str
    text: str

    @property
    def tree(self):
        return _parsed(self.text)

    @property
    def lines(self):
        return len(self.text.splitlines())

    def functions(self):
        return [
            node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]

    def public_functions(self):
        return [
            node
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        ]


@cache
def _parsed(text):
    return ast.parse(text)


@cache
def sources(top="portal/"):
    return tuple(
        Source(
            path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."),
            path.read_text(encoding="utf-8"),
        )
        for path in files(top, ".py")
    )


def imported(node):
    """Name the modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return ["." * node.level + (node.module or "")]
    return []

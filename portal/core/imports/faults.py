"""Why a row was sent back, as a code with parameters, and the sentences for each code.

A fault never carries more than one cell: `value` is what stood there, `params` what the sentence and the suggestion
need. Both may be personal data: keep them out of logs, seal them in the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.core.imports.wording import en
from portal.core.imports.wording.languages import sentences_in

VALUE_SHOWN_MAX = 120


class CellError(ValueError):
    """A cell cannot be read; `reason` is a code of `REASONS`, `params` what its sentences need."""

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one row."""

    column: str
    reason: str
    value: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def fault(column: str, error: CellError, cell: object) -> Fault:
    """Make the fault of a cell that could not be read."""
    return Fault(column, error.reason, shown(cell), error.params)


def shown(cell: object) -> str:
    """Give what stood in a cell, cut to `VALUE_SHOWN_MAX` characters and without characters nobody can see."""
    text = "" if cell is None else str(cell)[: VALUE_SHOWN_MAX + 1]
    plain = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return plain if len(plain) <= VALUE_SHOWN_MAX else plain[:VALUE_SHOWN_MAX] + "…"


REASONS = en.SENTENCES
"""Code -> (what is wrong, what to do), in English; `{name}` are parameters of the fault."""


def explain(one: Fault, *, language: str | None = None) -> tuple[str, str]:
    """Give the two sentences of a fault in a language: what is wrong, and what to do about it.

    Raises KeyError for a code that `REASONS` does not have.
    """
    wrong, remedy = sentences_in(language)[one.reason]
    return wrong.format_map(one.params), remedy.format_map(one.params)


def is_kept(one: Fault) -> bool:
    """Tell whether the row was understood and deliberately not applied, instead of sent back."""
    return one.reason.startswith("kept.")

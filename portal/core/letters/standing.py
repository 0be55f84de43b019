"""Whether a letter still stands, told from what became of that which it is about; nobody has to remember to tell it."""

from dataclasses import dataclass
from datetime import date

from portal.core.letters.frame import CLOSING


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterFate:
    """What became of a letter's matter.

    `valid_until` is the last day of a quote; `is_replaced`: a newer letter about the same was made. `has_gone_back`:
    the bank took the receipt's payment back, or the debt that a closing letter ended is open again.
    """

    kind: str
    valid_until: date | None = None
    is_replaced: bool = False
    has_gone_back: bool = False


def standing_of(fate: LetterFate, *, today: date) -> str:
    """Return genuine, superseded, withdrawn or ended (`core.evidence.papers.ANSWERS`)."""
    if fate.has_gone_back and fate.kind in ("receipt", *CLOSING):
        return "withdrawn"
    if fate.is_replaced:
        return "superseded"
    if fate.valid_until is not None and fate.valid_until < today:
        return "ended"
    return "genuine"

"""Which letter a place asks for at the beginning, and what a lender must have told of itself before it can be sent."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.core.letters.frame import Creditor, Sender

FIRST_LETTER: Mapping[str, str] = MappingProxyType(
    {"US": "validation_notice", "DE": "itemization", "FR": "itemization"}
)
"""ISO country of a debtor -> the letter that the first contact has to bring."""
FIRST_LETTERS = ("validation_notice", "itemization")
"""The kinds among them, each once."""


def first_letter(country: str, sender: Sender) -> str | None:
    """Return the kind of letter that a debtor of a country gets first; None where the place asks for none.

    All three laws bind those who collect what is owed to others, and lawyers; not a creditor who writes itself.
    """
    return FIRST_LETTER.get(country) if sender.collects_for_others or sender.is_law_firm else None


def lacking(kind: str, *, place: str, sender: Sender, creditor: Creditor) -> tuple[str, ...]:
    """Return what of the letterhead is missing for a letter that the law fills: `address`, `authority`, `creditor`."""
    if kind not in FIRST_LETTERS:
        return ()
    wanted = {
        "address": not sender.address,
        "authority": place == "DE" and not sender.authority,
        "creditor": place in {"DE", "FR"} and not creditor.address,
    }
    return tuple(name for name, is_missing in wanted.items() if is_missing)


def can_make(kind: str, place: str, sender: Sender) -> bool:
    """Tell whether a kind of letter fits a place and who writes: those of a law are made only where it holds."""
    return kind not in FIRST_LETTERS or first_letter(place, sender) == kind

"""What a stranger may hear about a paper: whether it is genuine and still stands; never whose it is or what it says."""

import re
from collections.abc import Mapping
from types import MappingProxyType

ANSWERS = ("genuine", "altered", "superseded", "withdrawn", "settled", "ended", "unknown")
"""Genuine and in force; changed after it was made; replaced by a newer version; taken back in time; fulfilled;
stopped before it was fulfilled; not one of ours, or unreadable."""

CODE_LENGTH = 12
_STANDING: Mapping[str, str] = MappingProxyType(
    {
        "active": "genuine",
        "amended": "superseded",
        "withdrawn": "withdrawn",
        "completed": "settled",
        "broken": "ended",
    }
)
_CODE = re.compile(r"(?:[a-z]{3}_)?(?:[0-9a-f]{20})?([0-9a-f]{12})")


def standing(agreement_state: str) -> str:
    """Return what is said of a signed agreement in this state; what was never signed is unknown."""
    return _STANDING.get(agreement_state, "unknown")


def read_code(typed: str) -> str | None:
    """Return the twelve digits by which a paper is found, from its number or its full reference as a person types it.

    None when it cannot be one. Spaces, dashes and capitals make no difference.
    """
    found = _CODE.fullmatch(re.sub(r"[\s\u00ad\u2010-\u2015-]", "", typed[:200]).casefold())
    return found[1] if found else None


def code_of(ref: str) -> str:
    """Return the twelve digits of a paper's reference, as they are printed on it."""
    return ref[-CODE_LENGTH:]


def slug_of(origin: str) -> str:
    """Return the lender's short name out of the name of its log; empty when it is none."""
    parts = origin.split("/")
    return parts[1] if len(parts) == 3 and (parts[0], parts[2]) == ("portal", "events") else ""

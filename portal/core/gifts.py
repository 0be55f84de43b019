"""The code by which somebody else pays: it says nothing but an amount, and leads to one account.

`7-K7M4-XQ2R-P9ZT`: the lender's number, so that no list over all lenders is needed, then twelve signs of Crockford's
32, 60 random bits. I, L and O are read as the digits that they look like.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta

from portal.core.client_codes import SIGNS

SIGNS_COUNT = 12
LIFE = timedelta(days=30)
OPEN_MAX = 5
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BETWEEN = re.compile(r"[\s\-‐-―]+")
_CODE = re.compile(r"([1-9][0-9]{0,17})-(.+)")


def make_code(lender_id: int, pick: Callable[[str], str]) -> str:
    """Return a fresh code of a lender as it is shown; `pick` draws one of the signs at random."""
    signs = "".join(pick(SIGNS) for _ in range(SIGNS_COUNT))
    return f"{lender_id}-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def read_code(text: str) -> tuple[int, str] | None:
    """Return the lender's number and the code as it is shown, of what somebody typed; None when it is no code."""
    found = _CODE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    signs = _BETWEEN.sub("", found[2]).upper().translate(_LOOKALIKES)
    if len(signs) != SIGNS_COUNT or set(signs) - set(SIGNS):
        return None
    return int(found[1]), f"{found[1]}-{signs[:4]}-{signs[4:8]}-{signs[8:]}"

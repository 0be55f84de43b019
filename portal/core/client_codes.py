"""The code that a debtor gives to a counselor: short, easy to say aloud, 45 random bits.

Crockford's 32 signs in three groups of three; I, L and O are read as the digits that they look like. What 45 bits
lack, its short life, the counselor's sign-in and the limit of tries make up for.
"""

import re
import unicodedata
from collections.abc import Callable

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 9
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BETWEEN = re.compile(r"[\s\-‐-―]+")


def make_code(pick: Callable[[str], str]) -> str:
    """Return a fresh code as it is shown, `K7M-4XQ-2RP`; `pick` draws one of the signs at random."""
    signs = "".join(pick(SIGNS) for _ in range(LENGTH))
    return f"{signs[:3]}-{signs[3:6]}-{signs[6:]}"


def read_code(text: str) -> str | None:
    """Return a typed code in the form in which it is shown; None for anything that cannot be one."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LOOKALIKES)
    if len(plain) != LENGTH or set(plain) - set(SIGNS):
        return None
    return f"{plain[:3]}-{plain[3:6]}-{plain[6:]}"

"""Consent to electronic records: whether it holds, and how a person shows that they can open what they will get.

In the US the consent counts only where it is given in a way that demonstrates access to the form in which the records
come (15 USC 7001(c)(1)(C)(ii)): the frozen agreement ends with a reading code, and the person types it.
"""

import hashlib
import hmac

CODE_DIGITS = 4


def reading_code(agreement_ref: str) -> str:
    """Return the four digits that the text of an agreement ends with; the same agreement has the same code.

    It is no secret and protects nothing: who can type it has opened the text.
    """
    digest = hashlib.sha256(f"reading:{agreement_ref}".encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def has_read(*, asked: str, typed: str) -> bool:
    """Tell whether the typed code is the one that the text holds; true where the text asks for none (`asked` empty)."""
    return not asked or hmac.compare_digest(asked.encode(), typed.encode())

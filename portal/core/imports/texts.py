"""Words in cells: normalized, on one line, within their length; codes checked against their lists."""

import re
import unicodedata
from decimal import Decimal

from portal.core.imports.faults import CellError

LENGTHS = {
    "account_ref": 80,
    "transaction_ref": 80,
    "creditor": 80,
    "product": 80,
    "debtor_ref": 80,
    "full_name": 200,
    "email": 254,
    "region": 80,
    "phone": 40,
}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_LOST = re.compile("[\ud800-\udfff\ufffd]")
_SPACES = re.compile(r"\s+")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@.<>()\[\]\\,;:\"]+(\.[^\s@.<>()\[\]\\,;:\"]+)+")
_CHINESE = {"CN": "Hans", "SG": "Hans", "MY": "Hans", "TW": "Hant", "HK": "Hant", "MO": "Hant"}


def read_text(cell: object, limit: int) -> str:
    """Read a cell as one line of NFC text without spaces around it; an empty cell gives an empty string.

    Raises CellError above `limit` characters, for line breaks, direction overrides and characters nobody can see,
    and for bytes that could not be decoded. A formula is text like any other.
    """
    if isinstance(cell, str):
        text = cell.strip()
    elif cell is None:
        return ""
    elif isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        text = format(cell, "f") if isinstance(cell, Decimal) else str(cell)
    else:
        raise CellError("text.kind")
    if not (text.isascii() and text.isprintable()):
        text = _checked(text)
    if len(text) > limit:
        raise CellError("text.too_long", length=len(text), limit=limit)
    return text


def _checked(text: str) -> str:
    if _LOST.search(text):
        raise CellError("text.undecodable")
    if _UNSEEN.search(text):
        raise CellError("text.control", write=_SPACES.sub(" ", _UNSEEN.sub(" ", text)).strip()[:80])
    return unicodedata.normalize("NFC", text)


def read_language(text: str) -> str:
    """Read a language tag in its usual letters (pt_br becomes pt-BR); Chinese takes its script from the region.

    Raises CellError for what is no tag of a language with an optional script and region.
    """
    found = _LANGUAGE.fullmatch(text)
    if not found:
        raise CellError("language.unknown")
    language, script, region = found[1].lower(), (found[2] or "").title(), (found[3] or "").upper()
    if language == "zh":
        return f"zh-{script or _CHINESE.get(region, 'Hans')}"
    return "-".join(part for part in (language, script, region) if part)


def read_email(text: str) -> str:
    """Read an e-mail address as it is written; raises CellError when it is none."""
    if not _EMAIL.fullmatch(text):
        raise CellError("email.invalid")
    return text


def read_id_last4(cell: object) -> str:
    """Read the last four characters of an ID; raises CellError for any other length, with lost zeros in mind."""
    text = read_text(cell, 40)
    if text and not (len(text) == 4 and text.isascii() and text.isalnum()):
        raise CellError("id_last4.format")
    return text

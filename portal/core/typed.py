"""What people type becomes values: texts, digits of any script, amounts and dates."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from portal.core.errors import MoneyError
from portal.core.money import Money, exponent

_BUDDHIST_FROM = 2400  # no living person was born after 2400 CE: such a year is Buddhist
_BUDDHIST_YEARS = 543
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def clean(text: str) -> str:
    """Return a typed text in one form: composed letters, no control characters, no outer white space.

    Marks that turn the direction of what follows (U+202A to U+202E, U+2066 to U+2069) go too: no name may turn a page.
    """
    text = unicodedata.normalize("NFC", text)
    kept = (c for c in text if c in "\n\t" or not _is_control(c))
    return "".join(kept).replace("\r\n", "\n").strip()


def _is_control(c: str) -> bool:
    return unicodedata.category(c) in ("Cc", "Cs", "Cn") or unicodedata.bidirectional(c) in _TURNS


def western_digits(text: str) -> str:
    """Return a text with the digits of any script written as 0 to 9: ٣ and ๓ and ３ are 3."""
    return "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text)


def read_amount(text: str, *, currency: str, decimal_mark: str) -> Money | None:
    """Return an amount as people type it: any digits, either mark, grouping, currency words; None when unclear.

    `decimal_mark` is the mark of the language ("." or ","). Raises `UnknownCurrencyError`.
    """
    text = western_digits(text).replace("٫", ".").replace("٬", ",").replace("\N{MINUS SIGN}", "-")
    text = re.sub(r"(?<=\d)[\s'’_](?=\d)", "", text)
    numbers = re.findall(r"-?\d[\d.,]*", text)
    if len(numbers) != 1 or text.count("-") > 1:
        return None
    number = _with_point(numbers[0].rstrip(".,"), places=exponent(currency), own_mark=decimal_mark)
    try:
        return Money.of(Decimal(number), currency) if number else None
    except MoneyError:
        return None


def _with_point(number: str, *, places: int, own_mark: str) -> str | None:
    """Decide which mark is the decimal one; None when it could be either, because nothing is guessed silently.

    A single mark before exactly three digits groups, unless the currency has three decimals. Where the currency has
    two and the mark is the language's own decimal mark, "1.500" is unclear.
    """
    marks = [c for c in number if c in ".,"]
    if not marks:
        return number
    last = number[max(number.rfind("."), number.rfind(",")) :]
    is_decimal = len(set(marks)) == 2 or (len(marks) == 1 and (places == 3 or len(last) != 4))
    if is_decimal and marks.count(marks[-1]) != 1:
        return None
    if not is_decimal and len(marks) == 1 and places == 2 and marks[0] == own_mark:
        return None
    whole, decimals = (number[: -len(last)], last[1:]) if is_decimal else (number, "")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and not (
        1 <= len(groups[0]) <= 3 and all(len(group) in {2, 3} for group in groups[1:])
    ):
        return None
    return "".join(groups) + (f".{decimals}" if decimals else "")


def read_date(*, day: str, month: str, year: str) -> date | None:
    """Return the date of three typed parts, Buddhist years understood; None when there is no such day."""
    if not all(part.isascii() and part.isdigit() for part in (day, month, year)) or len(year) != 4:
        return None
    christian = int(year) - (_BUDDHIST_YEARS if int(year) >= _BUDDHIST_FROM else 0)
    try:
        return date(christian, int(month), int(day))
    except ValueError:
        return None

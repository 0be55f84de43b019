"""One cell: read by the rules of its file and the kind of its column."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.core.errors import UnknownCurrencyError
from portal.core.imports.amounts import parse_amount, parse_rate
from portal.core.imports.dates import parse_date
from portal.core.imports.faults import CellError
from portal.core.imports.texts import LENGTHS, read_email, read_id_last4, read_language, read_text
from portal.core.money import exponent

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")
STATUSES = ("current", "arrears", "closed")
AGES = range(14, 116)
"""Years that somebody with an account can have lived."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How the cells of one file are read. `normalize_phone(text, country)` gives E.164 or None."""

    today: date
    normalize_phone: Callable[[str, str], str | None]
    countries: frozenset[str]
    time_zones: frozenset[str]
    date_order: str = "ymd"
    decimal: str = "point"


class Cells:
    """Reads the cells of one file."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._latest = rules.today + timedelta(days=1)

    def required_text(self, cell: object, name: str) -> str:
        """Read a text that must be there; raises CellError."""
        text = read_text(cell, LENGTHS[name])
        if not text:
            raise CellError("required")
        return text

    def currency(self, cell: object) -> str:
        """Read a currency code; raises CellError when ISO 4217 as we know it lacks it."""
        code = read_text(cell, 40).upper()
        if not code:
            raise CellError("required")
        try:
            exponent(code)
        except UnknownCurrencyError:
            raise CellError("currency.unknown") from None
        return code

    def country(self, cell: object) -> str:
        """Read a country code; raises CellError when it is not known."""
        code = read_text(cell, 40).upper()
        if code not in self._rules.countries:
            raise CellError("country.unknown" if code else "required")
        return code

    def time_zone(self, cell: object) -> str:
        """Read the name of a time zone; raises CellError when it is not known."""
        name = read_text(cell, 80)
        if name not in self._rules.time_zones:
            raise CellError("time_zone.unknown" if name else "required")
        return name

    def language(self, cell: object) -> str:
        """Read a language tag; raises CellError."""
        text = read_text(cell, 40)
        if not text:
            raise CellError("required")
        return read_language(text)

    def phone(self, cell: object, country: str | None) -> str:
        """Read a telephone number as E.164; empty stays empty; raises CellError when nobody could call it.

        Without a country that is known, only the country is at fault.
        """
        text = read_text(cell, LENGTHS["phone"])
        if not text or country is None:
            return ""
        number = self._rules.normalize_phone(text, country)
        if number is None:
            raise CellError("phone.invalid", country=country, example="+66 81 234 5678")
        return number

    def email(self, cell: object) -> str:
        """Read an e-mail address; empty stays empty; raises CellError."""
        text = read_text(cell, LENGTHS["email"])
        return read_email(text) if text else ""

    def amount(self, cell: object, currency: str | None) -> int:
        """Read an amount that must be there, as minor units; raises CellError."""
        if cell is None:
            raise CellError("required")
        code = currency or "USD"
        return parse_amount(cell, decimal=self._rules.decimal, places=exponent(code), currency=code)

    def day(self, cell: object) -> date:
        """Read a day that is not in the future; raises CellError."""
        if cell is None:
            raise CellError("required")
        day = parse_date(cell, order=self._rules.date_order)
        if day > self._latest:
            raise CellError("date.future")
        return day

    def optional_day(self, cell: object) -> date | None:
        """Read a day that may be empty; raises CellError."""
        return None if is_empty(cell) else self.day(cell)

    def birth_date(self, cell: object) -> date | None:
        """Read a date of birth that may be empty; raises CellError outside the ages of `AGES`."""
        born = self.optional_day(cell)
        if born is None:
            return None
        today = self._rules.today
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if age not in AGES:
            raise CellError("birth.age", age=age)
        return born

    def id_last4(self, cell: object) -> str:
        """Read the last four characters of an ID; empty stays empty; raises CellError."""
        return read_id_last4(cell)

    def region(self, cell: object) -> str:
        """Read the region of a country as it is written; empty stays empty; raises CellError."""
        return read_text(cell, LENGTHS["region"])

    def rate(self, cell: object) -> Decimal:
        """Read a yearly rate in percent as a fraction; raises CellError."""
        return parse_rate("" if cell is None else cell)

    def optional_amount(self, cell: object, currency: str | None) -> int | None:
        """Read an amount that may be empty; raises CellError."""
        return None if is_empty(cell) else self.amount(cell, currency)

    def word(self, cell: object, words: Sequence[str]) -> str:
        """Read one of some words, in small or large letters; raises CellError."""
        text = read_text(cell, 40).casefold()
        if text not in words:
            raise CellError("word.unknown" if text else "required", known=", ".join(filter(None, words)))
        return text

    def code(self, cell: object) -> str:
        """Read a code of letters, digits and . _ : - without spaces; raises CellError."""
        text = read_text(cell, 80)
        if not _CODE.fullmatch(text):
            raise CellError("code.format")
        return text

    def status(self, cell: object) -> str:
        """Read one of the words of `STATUSES`; raises CellError."""
        text = read_text(cell, 40).casefold()
        if text not in STATUSES:
            raise CellError("status.unknown" if text else "required")
        return text


def is_empty(cell: object) -> bool:
    """Tell whether nothing is written in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())

"""Minor units, money as text, phone numbers, CSV."""

import base64
import io
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import babel.numbers
import phonenumbers
from babel import Locale

from portal.core.errors import UnknownCurrencyError
from portal.core.money import cash_unit, exponent, round_half_even
from portal.gateways.figures import _SIGNS, money_words
from portal.gateways.phones import normalize_phone
from portal.gateways.tables.opening import open_table
from tests.conformance.verdicts import Case, NotApplicableError

MARKS = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")


def answer_units(case: Case) -> tuple[int, int]:
    try:
        return exponent(case["code"]), cash_unit(case["code"])
    except UnknownCurrencyError:
        raise NotApplicableError("not money of a country") from None


def differs_units(answered: tuple[int, int], case: Case) -> str | None:
    places, cash = answered
    if case.get("agree_with_cldr") and places != case["decimals"]:
        return f"{places} decimals instead of {case['decimals']}"
    told = case.get("smallest_cash_minor_units")
    if case.get("agree_with_cldr") and told and cash != told:
        return f"cash unit {cash} instead of {told}"
    return None


def plain(text: str) -> str:
    """Return a text without bidi marks, with plain spaces and minus signs."""
    for space in "\u00a0\u202f\u2009":
        text = text.replace(space, " ")
    return MARKS.sub("", text).replace("\u2212", "-").strip()


def answer_money(case: Case) -> str:
    currency, amount = case["currency"], Fraction(case["amount"])
    places = exponent(currency)
    if places != babel.numbers.get_currency_precision(currency):
        raise NotApplicableError("ISO 4217 and CLDR disagree on the decimals: the product follows ISO 4217")
    minor = round_half_even(amount * 10**places)
    _house_style(minor, currency, Locale.parse(case["locale"]))
    return plain(money_words(minor, currency, case["locale"]))


def _house_style(minor: int, currency: str, locale: Locale) -> None:
    """Refuse the cases in which the product writes otherwise on purpose (see `portal.gateways.figures`)."""
    if currency == "IDR" and minor % 100 == 0:
        raise NotApplicableError("the product writes whole rupiah without decimals")
    if currency in _SIGNS and locale.currency_symbols.get(currency, currency) != _SIGNS[currency]:
        raise NotApplicableError(f"the product writes {_SIGNS[currency]} in every language")
    negative = plain(locale.currency_formats["standard"].prefix[1])
    if minor < 0 and "-" in negative and not negative.startswith("-"):
        raise NotApplicableError("the product writes the minus first in every language")


def differs_money(answered: str, case: Case) -> str | None:
    """Compare without spaces: CLDR's currencySpacing puts one between letters and digits, Babel does not."""
    told = plain(case["expected"])
    same = answered.replace(" ", "") == told.replace(" ", "")
    return None if same else f"{answered!r} instead of {told!r}"


def _argument(value: Any) -> Any:
    if isinstance(value, dict) and "decimal" in value:
        return Decimal(value["decimal"])
    return value


def answer_babel(case: Case) -> str:
    """Babel is the library the product formats with; the pinned version must still say what its authors do."""
    function = getattr(babel.numbers, case["fn"], None)
    if function is None:
        raise NotApplicableError(f"no function {case['fn']}")
    arguments = [_argument(value) for value in case["args"]]
    return function(*arguments, **{key: _argument(value) for key, value in case["kwargs"].items()})


def differs_text(answered: object, case: Case) -> str | None:
    return None if answered == case["expected"] else f"{answered!r} instead of {case['expected']!r}"


def answer_phone(case: Case) -> str | None:
    region = case.get("region") or "ZZ"
    found = normalize_phone(case["input"], region)
    if found is None and _parses(case["input"], region):
        raise NotApplicableError("digits that parse but that nobody can dial: the product refuses them")
    return found


def _parses(text: str, region: str) -> bool:
    try:
        phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    return True


def differs_phone(answered: str | None, case: Case) -> str | None:
    told = None if case.get("expected") == "reject" else case["expected_e164"]
    return None if answered == told else f"{answered} instead of {told}"


def answer_csv(case: Case) -> list[dict[str, str]]:
    content = base64.b64decode(case["csv_base64"])
    if "crlf" in case["id"] and b"\r" not in content:
        raise NotApplicableError("the name says CRLF, the bytes have none")
    table = open_table(io.BytesIO(content), name="case.csv")
    return [dict(zip(table.header, cells, strict=True)) for _, cells in table.rows]


def differs_csv(answered: list[dict[str, str]], case: Case) -> str | None:
    return None if answered == case["expected_rows"] else f"{answered} instead of {case['expected_rows']}"

"""Telephone numbers as they can be dialed from anywhere."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumber

COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""ISO 3166 codes of every country and territory that has telephone numbers."""


@lru_cache(maxsize=4096)
def normalize_phone(text: str, country: str) -> str | None:
    """Give a number in E.164 (+66812345678), read as people of `country` write it; None when it cannot be dialed."""
    if _is_valid_e164(text):
        return text
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_E164 = re.compile(r"\+([1-9]\d{6,14})", re.ASCII)


def _is_valid_e164(text: str) -> bool:
    """Tell quickly whether a text is a valid number in E.164 already; a no only means: look closer."""
    found = _E164.fullmatch(text)
    if not found:
        return False
    digits = found[1]
    for size in (1, 2, 3):
        code = int(digits[:size])
        if code in COUNTRY_CODE_TO_REGION_CODE:
            rest = digits[size:]
            number = PhoneNumber(country_code=code, national_number=int(rest))
            return rest[0] != "0" and phonenumbers.is_valid_number(number)
    return False

"""Telephone numbers as they can be dialed from anywhere."""

from functools import lru_cache

import phonenumbers

COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""ISO 3166 codes of every country and territory that has telephone numbers."""


@lru_cache(maxsize=4096)
def normalize_phone(text: str, country: str) -> str | None:
    """Give a number in E.164 (+66812345678), read as people of `country` write it; None when it cannot be dialed."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

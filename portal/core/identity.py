"""Who is it? A link in the phone plus one known fact; a code by SMS where the lender or a risk asks for it.

This is identity matching, no identity assurance (SAFETY.md 3.3). Limits: 5 tries a link and 5 a code, 100 wrong
answers a person for ever; a code has 6 digits, lives 10 minutes, works once, and is sent at most every 30 seconds.
"""

import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from portal.core.typed import western_digits

TRIES_PER_LINK = 5
TRIES_PER_DEBTOR = 100
TRIES_PER_CODE = 5
CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_GAP = timedelta(seconds=30)
CODES_PER_SESSION = 5
CODES_PER_HOUR = 10
CLOCK_SKEW = timedelta(minutes=1)
LINK_HOURS = 72
LINK_HOURS_MIN, LINK_HOURS_MAX = 24, 720
RENEWALS_PER_HOUR = 3
#: 5 bits a letter, one letter case, no two that look alike.
LINK_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
LINK_LENGTH = 26  # 130 bits
NUMBER_CONFIRM_DAYS = 60
DEVICE_COOKIE_DAYS = 365

Fact = Literal["birth_date", "id_last4"]
CodePolicy = Literal["risk", "always"]


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentityRules:
    """What a lender decides about letting people in; unknown settings mean the default."""

    fact: Fact = "birth_date"
    code_policy: CodePolicy = "risk"
    number_confirm_days: int = NUMBER_CONFIRM_DAYS
    link_life: timedelta = timedelta(hours=LINK_HOURS)


def rules_of(settings: Mapping[str, Any]) -> IdentityRules:
    """Read a lender's settings `identity_fact`, `identity_code`, `number_confirm_days`, `link_hours` (24 to 720)."""
    hours = _whole(settings.get("link_hours"), LINK_HOURS)
    return IdentityRules(
        fact="id_last4" if settings.get("identity_fact") == "id_last4" else "birth_date",
        code_policy="always" if settings.get("identity_code") == "always" else "risk",
        number_confirm_days=max(1, _whole(settings.get("number_confirm_days"), NUMBER_CONFIRM_DAYS)),
        link_life=timedelta(hours=min(max(hours, LINK_HOURS_MIN), LINK_HOURS_MAX)),
    )


def _whole(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def fact_to_ask(*, rules: IdentityRules, has_birth_date: bool, has_id_last4: bool) -> Fact:
    """Return the fact that the page asks for: the lender's choice, or the other one where only that is on file."""
    if rules.fact == "birth_date" and not has_birth_date and has_id_last4:
        return "id_last4"
    if rules.fact == "id_last4" and not has_id_last4 and has_birth_date:
        return "birth_date"
    return rules.fact


def read_digits(text: str, *, length: int) -> str | None:
    """Return a code of exactly `length` digits of any script from what was typed or pasted; None when it is none."""
    kept = "".join(char for char in western_digits(text) if char.isalnum())
    return kept if len(kept) == length and kept.isascii() and kept.isdigit() else None


def read_last4(text: str) -> str | None:
    """Return the last four characters of an ID from what was typed; a whole pasted ID is fine. None when too short."""
    folded = western_digits(unicodedata.normalize("NFKC", text)).upper()
    kept = "".join(char for char in folded if char.isalnum())
    return kept[-4:] if len(kept) >= 4 else None


def is_same(*, on_file: str | None, given: str) -> bool:
    """Tell whether an answer fits, in the same time for a right, a wrong and a missing fact."""
    expected = on_file or "\0"
    fits = hmac.compare_digest(expected.encode(), given.encode())
    return fits and on_file is not None


def reasons_for_code(
    *,
    rules: IdentityRules,
    is_known_device: bool,
    has_devices: bool,
    confirmed_at: datetime | None,
    now: datetime,
) -> tuple[str, ...]:
    """Return why a code by SMS is asked for: lender, new_device, number_not_confirmed; empty when it is not.

    A first visit alone is no reason. A number is not confirmed lately when it was once, longer ago than the lender's
    days (60 by default: 12 CFR 1006.6(d)(5)).
    """
    stale_from = now - timedelta(days=rules.number_confirm_days)
    checks = {
        "lender": rules.code_policy == "always",
        "new_device": has_devices and not is_known_device,
        "number_not_confirmed": confirmed_at is not None and confirmed_at < stale_from,
    }
    return tuple(name for name, holds in checks.items() if holds)


def is_code_in_time(*, sent_at: datetime, expires_at: datetime, now: datetime) -> bool:
    """Tell whether a code may be used now; a clock that jumped back does not make it live longer."""
    return sent_at - CLOCK_SKEW <= now < expires_at

"""How a value of the bounds is written for people, and read back from what they type.

Shares and rates stand as percent, amounts in the currency, lists with commas, ladders a line a step. What is read is
the value of the document; whether it is allowed is decided by `parse_bounds`.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.core.bounds.model import EVIDENCE, Condition, StageRule
from portal.core.money import Money
from portal.core.typed import clean, western_digits
from portal.web.forms import plain_amount, read_amount
from portal.web.language import gettext as _

TEXT_MAX = 2000


class UnclearError(ValueError):
    """What was typed cannot be a value of this kind; the message says what could."""


def write_value(unit: str, value: Any, currency: str) -> str:
    """Write a value of the parsed bounds as it stands in a box."""
    if value is None:
        return ""
    return _WRITERS[unit](value, currency)


def read_value(unit: str, text: str, currency: str) -> Any:
    """Read what was typed into a value of the document; None for an empty box. Raises UnclearError."""
    plain = clean(text)[:TEXT_MAX]
    return _READERS[unit](plain, currency) if plain else None


# ---- numbers


def _percent(value: int, scale: int) -> str:
    return f"{(Decimal(value) / scale).normalize():f}"


def _number(text: str) -> Decimal:
    """Read a plain number; a comma counts as the decimal mark only where it cannot be a grouping mark."""
    plain = re.sub(r"[\s%]", "", western_digits(text))
    plain = re.sub(r",(?=\d{1,2}$)", ".", plain)
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not re.fullmatch(r"[0-9]{0,12}\.?[0-9]{0,6}", plain):
        raise UnclearError(_("Please type a number, for example %(number)s", number="12.5"))
    return number


def _read_percent(text: str, _currency: str) -> str:
    return f"{_number(text) / 100:f}"


def _read_count(text: str, _currency: str) -> int:
    plain = re.sub(r"\s", "", western_digits(text))
    if not re.fullmatch(r"[0-9]{1,9}", plain):
        raise UnclearError(_("Please type a whole number"))
    return int(plain)


def _write_money(value: int, currency: str) -> str:
    return plain_amount(Money(value, currency))


def _read_money(text: str, currency: str) -> int:
    amount = read_amount(text, currency)
    if amount is None:
        raise UnclearError(_("Please type an amount, for example %(amount)s", amount="120.00"))
    return amount.minor


# ---- lists


def _listed(write: Callable[[Any, str], str]) -> Callable[[Any, str], str]:
    return lambda values, currency: ", ".join(write(value, currency) for value in values)


def _parts(text: str) -> list[str]:
    return [part for part in (one.strip() for one in re.split(r"[;\n]|,\s|,$", text)) if part]


def _read_list(read: Callable[[str, str], Any]) -> Callable[[str, str], list[Any]]:
    return lambda text, currency: [read(part, currency) for part in _parts(text)]


def _read_words(text: str, _currency: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", text) if part]


def _span(write: Callable[[int, str], str]) -> Callable[[Any, str], str]:
    return lambda value, currency: f"{write(value[0], currency)} – {write(value[1], currency)}"


def _read_span(read: Callable[[str, str], int]) -> Callable[[str, str], list[int]]:
    def spanned(text: str, currency: str) -> list[int]:
        ends = re.split(r"\s*[–—-]\s*|\s+to\s+", text)
        if len(ends) != 2 or not all(ends):
            raise UnclearError(_("Please type from and to, for example %(example)s", example="91 – 360"))
        return [read(end, currency) for end in ends]

    return spanned


# ---- groups, a line each


def _write_ladder(steps: Any, _currency: str) -> str:
    return "\n".join(f"{step.dpd}: {_percent(step.max, 100)}" for step in steps)


def _write_tranches(steps: Any, _currency: str) -> str:
    return "\n".join(f"{_percent(step.after_paid, 100)}: {_percent(step.share, 100)}" for step in steps)


def _lines(text: str, example: str) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        left, colon, right = line.partition(":")
        if not colon or not left.strip() or not right.strip():
            raise UnclearError(
                _("Please write a line for each step, for example %(example)s", example=example)
            )
        found.append((left.strip(), right.strip()))
    return found


def _read_ladder(text: str, currency: str) -> list[dict[str, Any]]:
    return [
        {"dpd": _read_count(days, currency), "max": _read_percent(most, currency)}
        for days, most in _lines(text, "91: 30")
    ]


def _read_tranches(text: str, currency: str) -> list[dict[str, Any]]:
    return [
        {"after_paid": _read_percent(paid, currency), "share": _read_percent(share, currency)}
        for paid, share in _lines(text, "50: 50")
    ]


def _write_stages(rules: tuple[StageRule, ...], _currency: str) -> str:
    return "\n".join(f"{rule.stage}: {_condition(rule.when)}" for rule in rules)


def _condition(when: Condition) -> str:
    own = (
        [when.evidence] if when.evidence != "none" or not (when.dpd_min or when.campaign or when.any) else []
    )
    own += [f"dpd {when.dpd_min}"] if when.dpd_min else []
    own += [f"campaign {when.campaign}"] if when.campaign else []
    options = " | ".join(_condition(one) for one in when.any)
    return " & ".join([*own, *([options] if options else [])])


def _read_stages(text: str, currency: str) -> list[dict[str, Any]]:
    found = []
    for stage, words in _lines(text, "1: budget_self"):
        options = [_read_condition(part) for part in words.split("|")]
        condition = options[0] if len(options) == 1 else {"any": options}
        found.append({"stage": _read_count(stage, currency), "if": condition})
    return found


def _read_condition(text: str) -> Mapping[str, Any]:
    condition: dict[str, Any] = {}
    for part in (one.strip() for one in text.split("&")):
        word, _space, value = part.partition(" ")
        if word in EVIDENCE and not value:
            condition["evidence"] = word
        elif word == "dpd" and value:
            condition["dpd_min"] = _read_count(value, "")
        elif word == "campaign" and value:
            condition["campaign"] = value.strip()
        else:
            raise UnclearError(
                _(
                    "Use %(words)s, “dpd 361” or “campaign 2026Q4”, parted by | or &",
                    words=", ".join(EVIDENCE),
                )
            )
    return condition


_WRITERS: Mapping[str, Callable[[Any, str], str]] = {
    "share": lambda value, _c: _percent(value, 100),
    "rate": lambda value, _c: _percent(value, 10_000),
    "count": lambda value, _c: str(value),
    "money": _write_money,
    "word": lambda value, _c: str(value),
    "words": lambda value, _c: ", ".join(value),
    "shares": _listed(lambda value, _c: _percent(value, 100)),
    "rates": _listed(lambda value, _c: _percent(value, 10_000)),
    "counts": _listed(lambda value, _c: str(value)),
    "days": _listed(lambda value, _c: value.isoformat()),
    "span": _span(lambda value, _c: str(value)),
    "money_span": _span(_write_money),
    "ladder": _write_ladder,
    "tranches": _write_tranches,
    "stages": _write_stages,
    "flag": lambda value, _c: "1" if value else "",
}
_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "share": _read_percent,
    "rate": _read_percent,
    "count": _read_count,
    "money": _read_money,
    "word": lambda text, _c: text,
    "words": _read_words,
    "shares": _read_list(_read_percent),
    "rates": _read_list(_read_percent),
    "counts": _read_list(_read_count),
    "days": _read_words,
    "span": _read_span(_read_count),
    "money_span": _read_span(_read_money),
    "ladder": _read_ladder,
    "tranches": _read_tranches,
    "stages": _read_stages,
    "flag": lambda text, _c: text == "1",
}

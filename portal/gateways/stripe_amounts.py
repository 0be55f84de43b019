"""Money on Stripe's wire: its smallest unit is not always ISO 4217's."""

from portal.core.errors import MoneyError
from portal.core.money import Money, exponent

_ZERO = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


class AmountError(ValueError):
    """An amount cannot be written on the wire without rounding."""


def to_wire(amount: Money) -> tuple[int, str]:
    """Give the amount and currency as Stripe wants them; raises AmountError rather than round."""
    shift = _places(amount.currency) - exponent(amount.currency)
    if shift >= 0:
        return amount.minor * 10**shift, amount.currency.lower()
    whole, rest = divmod(amount.minor, 10**-shift)
    if rest:
        raise AmountError(f"{amount.currency} has no smaller unit on the wire")
    return whole, amount.currency.lower()


def from_wire(minor: int, currency: str) -> Money:
    """Read an amount of Stripe's; raises MoneyError or AmountError for what we cannot hold."""
    code = currency.upper()
    shift = exponent(code) - _places(code)
    if shift >= 0:
        return Money(minor * 10**shift, code)
    whole, rest = divmod(minor, 10**-shift)
    if rest:
        raise AmountError(f"{minor} {code} is not a whole number of its ISO units")
    return Money(whole, code)


def _places(code: str) -> int:
    return 0 if code in _ZERO else 3 if code in _THREE else 2


def wire_of(amount: Money) -> tuple[int, str] | None:
    """Return the wire form of an amount; None where the provider could not be asked for it."""
    try:
        return to_wire(amount)
    except (AmountError, MoneyError):
        return None

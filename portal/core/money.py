"""Money as whole minor units of one currency.

ISO 4217 decides how many decimals a currency has, also where CLDR disagrees (HUF, IRR, TWD …).
Interest is rounded half-even; installments round by the rule of `schedule`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from portal.core.errors import CurrencyMismatchError, MoneyError, UnknownCurrencyError

MINOR_MAX = 10**15  # a limit on everything: far above any debt, far below a 64-bit column

_TWO = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
    "GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
    "LRD LSL MAD MDL MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN "
    "PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL "
    "THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG ZWL "
)
# MGA has fifths, not hundredths: ISO 4217 says 2, CLDR and card networks use whole ariary.
_ZERO = "BIF CLP DJF GNF ISK JPY KMF KRW MGA PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
_EXPONENTS = {
    code: places
    for codes, places in ((_TWO, 2), (_ZERO, 0), (_THREE, 3), (_FOUR, 4))
    for code in codes.split()
}
CURRENCIES = frozenset(_EXPONENTS)

# Smallest coin or note in daily use, in minor units, where it is more than one (RubyMoney/money, MIT).
_CASH_UNITS = {
    5: "AWG BRL BTN BWP CAD CHF HTG KWD LRD OMR SSP",
    10: "AOA MOP STN TND WST",
    20: "COP",
    25: "EGP",
    50: "DKK KES TWD",
    100: "BIF CVE CZK DZD KMF KZT LKR MKD NOK SYP UYU VND XAF XPF YER",
    500: "CRC",
    1000: "UGX",
    2000: "MNT",
    5000: "IDR IRR TZS",
    50000: "IQD",
}
_CASH = {code: unit for unit, codes in _CASH_UNITS.items() for code in codes.split()}


def exponent(currency: str) -> int:
    """Return the number of decimals of a currency by ISO 4217: 0 for VND, 2 for USD, 3 for KWD.

    Raises `UnknownCurrencyError` for a code outside the list.
    """
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrencyError(f"{currency!r} is not a currency of ISO 4217") from None


def cash_unit(currency: str) -> int:
    """Return the smallest amount that can be paid in cash, in minor units (CHF: 5).

    Raises `UnknownCurrencyError`. Source: RubyMoney/money, table of ISO currencies.
    """
    exponent(currency)
    return _CASH.get(currency, 1)


def cash_round(minor: int, currency: str) -> int:
    """Return minor units rounded half-even to what cash can pay. Raises `UnknownCurrencyError`."""
    unit = cash_unit(currency)
    return round_half_even(Fraction(minor, unit)) * unit


def round_half_even(value: Decimal | Fraction | int) -> int:
    """Round an exact number to a whole one, ties to the even neighbor: 2.5 -> 2, 3.5 -> 4, -0.5 -> 0."""
    return round(Fraction(value)) if isinstance(value, Decimal) else round(value)


def divide_half_even(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded half-even, for whole numbers and a denominator above 0."""
    quotient, twice = divmod(2 * numerator + denominator, 2 * denominator)
    return quotient - 1 if not twice and quotient & 1 else quotient


def ceil_to(numerator: int, denominator: int, lattice: int) -> int:
    """Return the smallest multiple of `lattice` that is not below numerator / denominator."""
    return -(-numerator // (denominator * lattice)) * lattice


def share(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split a whole number by weights so that the parts add up to it, by the largest remainder.

    Each part differs from the exact share by less than one unit; ties go to the earlier part. A negative
    total is split as its mirror image. Raises `MoneyError` when a weight is negative or none is above zero.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise MoneyError("weights must not be negative and one must be above zero")
    size = abs(total)
    parts = [size * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
    for i in order[: size - sum(parts)]:
        parts[i] += 1
    return tuple(parts) if total >= 0 else tuple(-part for part in parts)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of one currency in whole minor units: `Money(12345, "THB")` is THB 123.45.

    Raises `UnknownCurrencyError`, and `MoneyError` when the amount is not a whole number within ±10^15.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        """Check the currency and the size."""
        exponent(self.currency)
        if type(self.minor) is not int or abs(self.minor) > MINOR_MAX:
            raise MoneyError(f"{self.minor!r} is not a whole number of minor units within ±10^15")

    @classmethod
    def of(cls, amount: str | Decimal | int, currency: str) -> "Money":
        """Read a decimal amount in major units; more decimals than the currency has are an error.

        Raises `MoneyError` for anything that is not a finite number with few enough decimals.
        """
        try:
            value = Decimal(amount)
        except InvalidOperation:
            raise MoneyError(f"{amount!r} is not a number") from None
        places = exponent(currency)
        if not value.is_finite() or abs(value.adjusted()) > 30:
            raise MoneyError(f"{amount!r} is not a finite amount")
        scaled = Fraction(value) * 10**places
        if scaled.denominator != 1:
            raise MoneyError(f"{currency} has {places} decimals, {amount} has more")
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units with the currency's decimals: Decimal('123.45')."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be combined")
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        """Add an amount of the same currency."""
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Take away an amount of the same currency."""
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        """Turn the sign."""
        return Money(-self.minor, self.currency)

    def __mul__(self, factor: int) -> "Money":
        """Multiply by a whole number."""
        return Money(self.minor * factor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        """Compare within one currency."""
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        """Compare within one currency."""
        return self.minor <= self._same(other)

    def __bool__(self) -> bool:
        """Be true for any amount but zero."""
        return self.minor != 0

    def scaled(self, factor: Decimal | Fraction | int) -> "Money":
        """Return the amount times an exact factor, rounded half-even to the minor unit."""
        return Money(round_half_even(Fraction(self.minor) * Fraction(factor)), self.currency)

    def allocate(self, weights: Sequence[int]) -> tuple["Money", ...]:
        """Split the amount by weights, largest remainder, so that the parts add up (see `share`)."""
        return tuple(Money(part, self.currency) for part in share(self.minor, weights))

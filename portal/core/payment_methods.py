"""Ways to pay in one table: their nature, where and in which currency they fit, their limits, how long they take.

`source` says where a row's limits come from: docs = the provider's page was read (docs.stripe.com, 2026-11),
general = general knowledge, to be confirmed with the provider before it is relied on. The provider checks them again.
"""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Literal

from portal.core.calendar import roll
from portal.core.money import Money

Nature = Literal["card", "wallet", "redirect", "qr", "voucher", "debit", "transfer"]
#: Natures whose money is not certain when the debtor leaves the provider's page.
LATER: frozenset[Nature] = frozenset({"qr", "voucher", "debit", "transfer"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """One way to pay, by the name that the provider has for it.

    `limits` maps each currency that it takes to its least and most in minor units (0: none known); empty takes any.
    `countries` are those of the people who have it; empty: everywhere. `days` is how many working days the money
    usually takes. `can_keep`: it can be kept and debited later. `refund_days` is how long a refund is possible, 0 not
    at all. `rail` is the gateway that carries it.
    """

    name: str
    label: str
    nature: Nature
    limits: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    countries: frozenset[str] = frozenset()
    days: int = 0
    can_keep: bool = False
    refund_days: int = 180
    source: str = "general"
    rail: str = "stripe"

    @property
    def is_delayed(self) -> bool:
        """Tell whether "on its way" is the normal state after the debtor has paid."""
        return self.nature in LATER

    def fits(self, *, country: str) -> bool:
        """Tell whether people of a country have it."""
        return not self.countries or country in self.countries

    def takes(self, amount: Money) -> bool:
        """Tell whether an amount of its currency lies within the limits."""
        if not self.limits:
            return True
        if amount.currency not in self.limits:
            return False
        least, most = self.limits[amount.currency]
        return least <= amount.minor and (not most or amount.minor <= most)


def _any(currencies: str) -> Mapping[str, tuple[int, int]]:
    return MappingProxyType(dict.fromkeys(currencies.split(), (0, 0)))


def _one(currency: str, least: int = 0, most: int = 0) -> Mapping[str, tuple[int, int]]:
    return MappingProxyType({currency: (least, most)})


_EURO = frozenset({
    "AT", "BE", "BG", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PT",
    "SI", "SK",
})  # fmt: skip
_SEPA = _EURO | {"CH", "CZ", "DK", "GB", "HU", "IS", "LI", "NO", "PL", "RO", "SE"}

_TABLE = (
    Method(name="card", label="Card", nature="card", can_keep=True, source="docs"),
    Method(
        name="promptpay",
        label="PromptPay",
        nature="qr",
        limits=_one("THB", 1_000),
        countries=frozenset({"TH"}),
    ),
    Method(
        name="fpx",
        label="FPX",
        nature="redirect",
        limits=_one("MYR", 200, 3_000_000),
        countries=frozenset({"MY"}),
    ),
    Method(
        name="grabpay",
        label="GrabPay",
        nature="wallet",
        limits=MappingProxyType({"SGD": (50, 500_000), "MYR": (200, 150_000)}),
        countries=frozenset({"SG", "MY"}),
        refund_days=90,
        source="docs",
    ),
    Method(name="paynow", label="PayNow", nature="qr", limits=_one("SGD", 50), countries=frozenset({"SG"})),
    Method(
        name="pix",
        label="Pix",
        nature="qr",
        limits=_one("BRL", 50),
        countries=frozenset({"BR"}),
        refund_days=90,
    ),
    Method(
        name="boleto",
        label="Boleto",
        nature="voucher",
        limits=_one("BRL", 500, 4_999_999),
        countries=frozenset({"BR"}),
        days=1,
        refund_days=0,
        source="docs",
    ),
    Method(
        name="oxxo",
        label="OXXO",
        nature="voucher",
        limits=_one("MXN", 1_000, 1_000_000),
        countries=frozenset({"MX"}),
        days=1,
        refund_days=0,
        source="docs",
    ),
    Method(
        name="konbini",
        label="Konbini",
        nature="voucher",
        limits=_one("JPY", 120, 300_000),
        countries=frozenset({"JP"}),
    ),
    Method(
        name="alipay",
        label="Alipay",
        nature="wallet",
        limits=_any("CNY AUD CAD EUR GBP HKD JPY MYR NZD SGD USD"),
        countries=frozenset({"CN", "HK", "MO"}),
        refund_days=90,
    ),
    Method(
        name="wechat_pay",
        label="WeChat Pay",
        nature="wallet",
        limits=_any("CNY AUD CAD CHF DKK EUR GBP HKD JPY NOK SEK SGD USD"),
        countries=frozenset({"CN", "HK", "MO"}),
    ),
    Method(
        name="sepa_debit",
        label="SEPA Direct Debit",
        nature="debit",
        limits=_one("EUR", 50),
        countries=_SEPA,
        days=5,
        can_keep=True,
    ),
    Method(
        name="bacs_debit",
        label="Bacs Direct Debit",
        nature="debit",
        limits=_one("GBP", 30),
        countries=frozenset({"GB"}),
        days=3,
        can_keep=True,
    ),
    Method(
        name="us_bank_account",
        label="US bank account (ACH)",
        nature="debit",
        limits=_one("USD", 50),
        countries=frozenset({"US"}),
        days=4,
        can_keep=True,
    ),
    Method(
        name="upi",
        label="UPI",
        nature="redirect",
        limits=_one("INR", 50, 10_000_000),
        countries=frozenset({"IN"}),
        can_keep=True,
    ),
    Method(
        name="customer_balance",
        label="Bank transfer",
        nature="transfer",
        limits=_any("EUR GBP JPY MXN USD"),
        countries=_EURO | frozenset({"GB", "JP", "MX", "US"}),
        days=2,
    ),
    Method(
        name="qris",
        label="QRIS",
        nature="qr",
        limits=_one("IDR", 0, 1_000_000_000),
        countries=frozenset({"ID"}),
        rail="qr",
    ),
    Method(
        name="vietqr",
        label="VietQR",
        nature="qr",
        limits=_one("VND", 0, 499_999_999),
        countries=frozenset({"VN"}),
        rail="qr",
    ),
    Method(
        name="spei", label="SPEI", nature="qr", limits=_one("MXN"), countries=frozenset({"MX"}), rail="qr"
    ),
    Method(
        name="gcash",
        label="GCash",
        nature="qr",
        limits=_one("PHP", 100, 10_000_000),
        countries=frozenset({"PH"}),
        rail="qr",
    ),
)
METHODS: Mapping[str, Method] = MappingProxyType({method.name: method for method in _TABLE})
#: What can be debited while the debtor is away (STACK.md 5.4); anything else waits for the debtor each time.
DEBITED: frozenset[str] = frozenset(method.name for method in _TABLE if method.can_keep)


STRIPE = frozenset({"stripe"})
"""The rail whose ways are chosen on its own page; a way of any other rail is chosen on ours."""


def choosable(*, country: str, currency: str, rails: Container[str] = STRIPE) -> tuple[Method, ...]:
    """Return the ways that a lender can offer by some rails to people of a country in a currency, in table order."""
    return tuple(
        method
        for method in METHODS.values()
        if method.rail in rails
        and method.fits(country=country)
        and (not method.limits or currency in method.limits)
    )


def by_rail(
    *, country: str, currency: str, picked: Collection[str], rails: Container[str]
) -> tuple[Method, ...]:
    """Return the ways of rails beside Stripe that a pay screen offers by name: of those picked, else all that fit."""
    return tuple(
        method
        for method in choosable(country=country, currency=currency, rails=rails)
        if method.rail not in STRIPE and (not picked or method.name in picked)
    )


def has_page(picked: Collection[str]) -> bool:
    """Tell whether Stripe's own page is offered: not where a lender picked nothing but ways of other rails."""
    return not picked or any(METHODS[name].rail in STRIPE for name in picked if name in METHODS)


def picked_for(settings: Mapping[str, Any], country: str) -> tuple[str, ...]:
    """Return what a lender picked for a country, empty where it picked nothing: then all that fit are offered."""
    by_country = settings.get("payment_methods")
    picked = by_country.get(country) if isinstance(by_country, Mapping) else None
    return tuple(name for name in picked if name in METHODS) if isinstance(picked, list) else ()


def offered(
    *, amount: Money, country: str, picked: Iterable[str], for_later: bool = False
) -> tuple[str, ...]:
    """Return the ways to pay that a page for an amount offers: of those picked, what fits; else all that fit.

    `for_later` keeps those that can be debited later only. Never empty: a card is always a way. Only Stripe's.
    """
    wanted = {name for name in picked if name not in METHODS or METHODS[name].rail in STRIPE}
    fitting = [
        method.name
        for method in choosable(country=country, currency=amount.currency)
        if (method.takes(amount) or for_later) and (method.can_keep or not for_later)
    ]
    return tuple(name for name in fitting if name in wanted) or (tuple(fitting) if not wanted else ("card",))


def expected_on(method: str | None, *, today: date) -> date | None:
    """Return the day on which money by a method usually is there, by working days; None for an unknown method."""
    if method is None or method not in METHODS:
        return None
    day = today
    for _ in range(METHODS[method].days):
        day = roll(day + timedelta(days=1), rule="following")
    return day

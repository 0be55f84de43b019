"""Payment methods with their nature, and the test cards with what they do."""

from dataclasses import dataclass

from portal.simulators.stripe.errors import ApiError
from portal.simulators.stripe.forms import Params, listing


@dataclass(frozen=True, slots=True)
class Method:
    """One way to pay. `nature` is card, redirect (instant), qr, voucher or debit; the last three are delayed."""

    name: str
    label: str
    nature: str
    currencies: frozenset[str] = frozenset()  # empty: any
    is_reusable: bool = False
    is_refundable: bool = True

    @property
    def is_delayed(self) -> bool:
        return self.nature in ("qr", "voucher", "debit")


def _method(name: str, label: str, nature: str, currencies: str = "", **more: bool) -> Method:
    return Method(name, label, nature, frozenset(currencies.split()), **more)


METHODS = {
    method.name: method
    for method in (
        _method("card", "Card", "card", is_reusable=True),
        _method("link", "Link", "redirect"),
        _method("alipay", "Alipay", "redirect", "cny aud cad eur gbp hkd jpy myr nzd sgd usd"),
        _method(
            "wechat_pay", "WeChat Pay", "redirect", "cny aud cad chf dkk eur gbp hkd jpy nok sek sgd usd"
        ),
        _method("grabpay", "GrabPay", "redirect", "sgd myr"),
        _method("fpx", "FPX", "redirect", "myr"),
        _method("paynow", "PayNow", "redirect", "sgd"),
        _method("upi", "UPI", "redirect", "inr", is_reusable=True),
        _method("promptpay", "PromptPay", "qr", "thb"),
        _method("pix", "Pix", "qr", "brl"),
        _method("boleto", "Boleto", "voucher", "brl", is_refundable=False),
        _method("oxxo", "OXXO", "voucher", "mxn", is_refundable=False),
        _method("konbini", "Konbini", "voucher", "jpy"),
        _method("customer_balance", "Bank transfer", "voucher", "eur gbp jpy mxn usd"),
        _method("sepa_debit", "SEPA direct debit", "debit", "eur", is_reusable=True),
        _method("bacs_debit", "Bacs direct debit", "debit", "gbp", is_reusable=True),
        _method("us_bank_account", "US bank account (ACH)", "debit", "usd", is_reusable=True),
    )
}


@dataclass(frozen=True, slots=True)
class TestCard:
    """What a test card does: `answer` is succeeds, declines or asks (a step of authentication)."""

    number: str
    brand: str
    label: str
    answer: str = "succeeds"
    code: str = "card_declined"
    decline_code: str | None = None
    message: str = "Your card was declined."
    off_session_needs_step: bool = False


CARDS = {
    card.number: card
    for card in (
        TestCard("4242424242424242", "visa", "Succeeds"),
        TestCard("5555555555554444", "mastercard", "Succeeds"),
        TestCard("378282246310005", "amex", "Succeeds"),
        TestCard("6200000000000005", "unionpay", "Succeeds"),
        TestCard("4000000000000002", "visa", "Card declined", "declines", decline_code="generic_decline"),
        TestCard(
            "4000000000009995", "visa", "Not enough money on it", "declines",
            decline_code="insufficient_funds", message="Your card has insufficient funds.",
        ),
        TestCard("4000000000009987", "visa", "Card lost", "declines", decline_code="lost_card"),
        TestCard("4000000000009979", "visa", "Card stolen", "declines", decline_code="stolen_card"),
        TestCard(
            "4000000000000069", "visa", "Card expired", "declines",
            code="expired_card", message="Your card has expired.",
        ),
        TestCard(
            "4000000000000127", "visa", "Wrong security code", "declines",
            code="incorrect_cvc", message="Your card's security code is incorrect.",
        ),
        TestCard(
            "4000000000000119", "visa", "Processing error", "declines", code="processing_error",
            message="An error occurred while processing your card. Try again in a little bit.",
        ),
        TestCard("4000000000000341", "visa", "Saves, declines later", "later", decline_code="generic_decline"),
        TestCard("4000002500003155", "visa", "Asks your bank the first time", "asks"),
        TestCard("4000002760003184", "visa", "Asks your bank every time", "asks", off_session_needs_step=True),
    )
}  # fmt: skip

MAGIC = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
}
TOKENS = {
    "tok_visa": "4242424242424242",
    "tok_chargeDeclined": "4000000000000002",
    "tok_mastercard": "5555555555554444",
}


def luhn(number: str) -> bool:
    """Say whether the check digit of a card number is right."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def read_card(number: str) -> TestCard:
    """Find the test card of a typed number. Raises `ApiError` as Stripe does for a wrong or live one."""
    digits = "".join(number.split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19 and luhn(digits)):
        text = "Your card number is incorrect."
        raise ApiError(
            text, status=402, kind="card_error", code="incorrect_number", param="number", is_validation=False
        )
    if digits not in CARDS:
        text = "Your card was declined. Your request was in test mode, but used a non test card."
        raise ApiError(text, status=402, kind="card_error", code="card_declined", decline_code="test_mode_live_card",
                       is_validation=False)  # fmt: skip
    return CARDS[digits]


def dynamic(currency: str | None, *, for_later: bool = False) -> list[str]:
    """List the methods that the provider finds by itself: by currency, and for later use only what can be kept."""
    names = ["card", *(name for name in METHODS if name not in ("card", "customer_balance", "link"))]
    methods = [METHODS[name] for name in names]
    return [
        method.name
        for method in methods
        if (method.is_reusable or not for_later)
        and (not method.currencies or currency is None or currency in method.currencies)
    ]


def choose_types(params: Params, currency: str | None, *, for_later: bool = False) -> list[str]:
    """Filter what is found dynamically by the allowed and excluded ones, silently, as the Endive versions do.

    Raises `ApiError` for unknown names, for both filters at once, and when nothing is left.
    """
    allowed = listing(params, "allowed_payment_method_types")
    excluded = listing(params, "excluded_payment_method_types")
    for name in (*allowed, *excluded):
        if name not in METHODS:
            text = f"Invalid allowed_payment_method_types: must be one of {', '.join(sorted(METHODS))}"
            raise ApiError(text, param="allowed_payment_method_types")
    if allowed and excluded:
        text = "You may only specify one of allowed_payment_method_types and excluded_payment_method_types."
        raise ApiError(text, param="allowed_payment_method_types")
    found = dynamic(currency, for_later=for_later)
    if "link" in allowed and not for_later:
        found.append("link")
    left = [name for name in found if (not allowed or name in allowed) and name not in excluded]
    if not left:
        text = (
            "No valid payment method types for these parameters: they are not compatible with the currency."
        )
        raise ApiError(text, param="allowed_payment_method_types")
    return left

"""Currency rules of the wire format: smallest unit, smallest and largest amount."""

from portal.simulators.stripe.errors import ApiError, missing
from portal.simulators.stripe.forms import Params, integer, required

_ZERO = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
_THREE = "bhd jod kwd omr tnd"
_TWO = (
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny "
    "cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd "
    "kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok "
    "npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top "
    "try ttd twd tzs uah usd uyu uzs wst xcd yer zar zmw"
)
ZERO_DECIMAL = frozenset(_ZERO.split())
THREE_DECIMAL = frozenset(_THREE.split())
WHOLE_ONLY = frozenset(("isk", "ugx"))  # two decimals on the wire, but only whole units can be charged
CURRENCIES = ZERO_DECIMAL | THREE_DECIMAL | WHOLE_ONLY | frozenset(_TWO.split())
SMALLEST = {
    "usd": 50, "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30,
    "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "pln": 200,
    "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "vnd": 10000,
}  # fmt: skip
LARGEST = 99_999_999
LARGEST_OF = {
    "idr": 999_999_999_999,
    "vnd": 9_999_999_999,
    "jpy": 9_999_999_999,
    "cop": 9_999_999_999,
    "inr": 999_999_999,
}


def read_currency(params: Params, name: str = "currency") -> str:
    code = required(params, name).lower()
    if code not in CURRENCIES:
        raise ApiError(f"Invalid currency: {code}. Stripe does not support it.", param=name)
    return code


def read_amount(params: Params, currency: str, name: str = "amount") -> int:
    amount = integer(params, name)
    if amount is None:
        raise missing(name)
    check_amount(amount, currency, name)
    return amount


def check_amount(amount: int, currency: str, name: str = "amount") -> None:
    """Refuse an amount that the provider could not charge in this currency."""
    if amount < 1:
        text = "This value must be greater than or equal to 1."
        raise ApiError(text, code="parameter_invalid_integer", param=name)
    if amount < SMALLEST.get(currency, 1):
        least = show(SMALLEST[currency], currency)
        raise ApiError(f"Amount must be no less than {least}", code="amount_too_small", param=name)
    if amount > LARGEST_OF.get(currency, LARGEST):
        most = show(LARGEST_OF.get(currency, LARGEST), currency)
        raise ApiError(f"Amount must be no more than {most}", code="amount_too_large", param=name)
    if currency in THREE_DECIMAL and amount % 10:
        raise ApiError(f"Amounts of {currency} must end in 0.", code="parameter_invalid_integer", param=name)
    if currency in WHOLE_ONLY and amount % 100:
        raise ApiError(
            f"Amounts of {currency} must be whole units.", code="parameter_invalid_integer", param=name
        )


def show(amount: int, currency: str) -> str:
    """Write an amount for people: 1234 usd is "12.34 USD"."""
    places = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    whole, part = divmod(amount, 10**places)
    decimals = f".{part:0{places}d}" if places else ""
    return f"{whole:,}{decimals} {currency.upper()}"

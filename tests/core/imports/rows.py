"""A good row, and a reader of rows, for the tests of this folder."""

from datetime import date

from portal.core.imports.cells import Rules
from portal.core.imports.columns import COLUMNS
from portal.core.imports.rows import RowReader

TODAY = date(2026, 12, 1)
GOOD = {
    "account_ref": "AC-1",
    "creditor": "Tamarind",
    "product": "card",
    "debtor_ref": "P-1",
    "full_name": "Ana Lima",
    "date_of_birth": "1980-05-04",
    "id_last4": "0056",
    "phone": "+12015550105",
    "email": "ana@example.com",
    "language": "pt-BR",
    "country": "US",
    "region": "NJ",
    "time_zone": "America/New_York",
    "currency": "USD",
    "principal": "1,000.50",
    "interest": "20.00",
    "fees": "0.00",
    "original_amount": "1500.00",
    "annual_rate_percent": "14.07",
    "opened_on": "2024-03-05",
    "delinquent_since": "2026-08-01",
    "last_payment_on": "2026-07-10",
    "stated_monthly_income": "",
    "status": "arrears",
}


def phone_like(text, country):
    digits = "".join(char for char in text if char.isdigit())
    return f"+{digits}" if text.startswith("+") and len(digits) > 7 and country != "ZZ" else None


def a_reader(**changes):
    plain = {
        "today": TODAY,
        "normalize_phone": phone_like,
        "countries": frozenset({"US", "BR", "TH"}),
        "time_zones": frozenset({"America/New_York", "Asia/Bangkok"}),
    }
    places = {name: place for place, name in enumerate(COLUMNS)}
    return RowReader(positions=places, width=len(COLUMNS), rules=Rules(**plain | changes))


def read(*, reader=None, **changes):
    row = GOOD | changes
    return (reader or a_reader()).read([row[name] for name in COLUMNS])


def reasons(found):
    return [(one.column, one.reason) for one in found]

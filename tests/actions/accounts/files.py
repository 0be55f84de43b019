"""Files of accounts for the tests: rows as dicts, sent by the bulk role."""

import csv
import io
from zoneinfo import available_timezones

from portal.actions.accounts.import_accounts import import_accounts
from portal.core.actors import LENDER_API
from portal.core.imports.columns import COLUMNS
from portal.core.imports.files import Options, Places
from portal.gateways.phones import COUNTRIES, normalize_phone
from portal.gateways.tables.opening import open_table
from tests import build

ZONES = frozenset(available_timezones())
PLACES = Places(
    today=build.NOW.date(), countries=COUNTRIES, time_zones=ZONES, normalize_phone=normalize_phone
)


def a_row(number=1, **changes):
    plain = {
        "account_ref": f"AC-{number}",
        "creditor": "tamarind",
        "product": "credit card loan",
        "debtor_ref": f"P-{number}",
        "full_name": "Maria Lopez",
        "date_of_birth": "1986-11-17",
        "id_last4": "0056",
        "phone": "+12015550105",
        "email": "",
        "language": "en",
        "country": "US",
        "region": "NJ",
        "time_zone": "America/New_York",
        "currency": "USD",
        "principal": "1200.00",
        "interest": "186.40",
        "fees": "30.00",
        "original_amount": "1500.00",
        "annual_rate_percent": "18",
        "opened_on": "2024-03-05",
        "delinquent_since": "2026-08-03",
        "last_payment_on": "",
        "stated_monthly_income": "2500.00",
        "status": "arrears",
    }
    return plain | changes


def a_file(*rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def send(work, *rows, now=build.NOW, data=None, name="accounts.csv", **options):
    """Import rows; `work` is of the bulk role."""
    table = open_table(io.BytesIO(a_file(*rows) if data is None else data), name=name, columns=COLUMNS)
    return import_accounts(
        work, table=table, options=Options(**options), places=PLACES, actor=LENDER_API, now=now
    )

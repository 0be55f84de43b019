"""The demo lender's accounts: a file like a case system's, moved to today, and itemizations that add up."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from portal.core.imports.cells import Rules
from portal.core.imports.columns import COLUMNS
from portal.core.imports.files import Places
from portal.core.imports.rows import AccountRow, RowReader
from portal.core.money import exponent
from portal.store.accounts import Line

FILE = Path(__file__).parent / "demo_data" / "accounts.csv"
WRITTEN_ON = date(2026, 11, 24)
DATES = ("opened_on", "delinquent_since", "last_payment_on")
#: Debtors who get a text message with a link at once: English, Spanish, Thai, Arabic, Chinese, English.
FIRST_LINKS = ("GB-7001", "US-1001", "TH-4001", "GB-7031", "CN-3001", "US-1009")
_MONTH = timedelta(days=30)


def demo_rows(today: date) -> list[dict[str, str]]:
    """Read the rows with their dates moved by as many days as have passed since the file was written."""
    shift = today - WRITTEN_ON
    with FILE.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        for name in DATES:
            if row[name]:
                row[name] = (date.fromisoformat(row[name]) + shift).isoformat()
    return rows


def as_csv(rows: list[dict[str, str]]) -> io.BytesIO:
    """Write rows as the file that a case system would export."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def itemized(rows: list[dict[str, str]], places: Places) -> Iterator[tuple[AccountRow, list[Line]]]:
    """Give the overdue accounts of which the case system tells every line: those with links, and each third."""
    rules = Rules(
        today=places.today,
        countries=places.countries,
        time_zones=places.time_zones,
        normalize_phone=places.normalize_phone,
    )
    reader = RowReader(positions={}, width=0, rules=rules)
    for place, raw in enumerate(rows):
        row = reader.read_named(dict(raw))
        if (
            isinstance(row, AccountRow)
            and row.delinquent_since
            and (place % 3 == 0 or row.account_ref in FIRST_LINKS)
        ):
            yield row, demo_lines(row)


def demo_lines(row: AccountRow) -> list[Line]:
    """Itemize a balance: what was borrowed, payments, interest, late fees, and something taken off; sums exactly."""
    since = row.delinquent_since or row.opened_on
    paid = max(row.original_minor - row.principal_minor, 0)
    small = 5 * 10 ** exponent(row.currency)
    parts = [("principal", "original", row.opened_on, row.principal_minor + paid)]
    parts += [("payment", "payment", day, -amount) for day, amount in _payments(row, paid)]
    parts += [("interest", "interest", since + _MONTH, row.interest_minor)]
    parts += [("fees", "penalty", since + timedelta(days=5), row.fees_minor)]
    if row.fees_minor:
        parts += [
            ("fees", "penalty", since + _MONTH, small),
            ("credit", "credit", since + 2 * _MONTH, -small),
        ]
    return [
        Line(position=place, kind=_kind(kind, key), label_key=key, on_date=day, amount_minor=amount)
        for place, (kind, key, day, amount) in enumerate(((part for part in parts if part[3])), 1)
    ]


def _kind(kind: str, key: str) -> str:
    return "penalty" if key == "penalty" else kind


def _payments(row: AccountRow, paid: int) -> list[tuple[date, int]]:
    """Spread what was paid over up to three payments, the last on the day of the last payment."""
    if not paid:
        return []
    last = row.last_payment_on or row.opened_on
    third = paid // 3
    amounts = [third, third, paid - 2 * third] if third else [paid]
    days = [last - _MONTH * (len(amounts) - place) for place in range(1, len(amounts) + 1)]
    return [(max(day, row.opened_on), amount) for day, amount in zip(days, amounts, strict=True)]

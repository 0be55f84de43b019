"""One row of an account file: checked cell by cell, and whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.core.errors import UnknownCurrencyError
from portal.core.imports.amounts import parse_amount, parse_rate
from portal.core.imports.columns import COLUMNS
from portal.core.imports.dates import parse_date
from portal.core.imports.faults import CellError, Fault, fault
from portal.core.imports.texts import LENGTHS, read_email, read_id_last4, read_language, read_text
from portal.core.money import exponent

STATES = {"current": "open", "arrears": "open", "closed": "closed"}
"""Status of the file -> state of the account; whether it is late says `delinquent_since` alone."""
AGES = range(14, 116)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """The debtor of a row; `monthly_income_minor` is in the currency of the account that told it."""

    source_ref: str
    full_name: str
    birth_date: date | None
    id_last4: str
    phone: str
    email: str
    language: str
    country: str
    region: str
    time_zone: str
    income: str

    def canonical(self) -> str:
        """Give one text that is equal for equal persons, to be digested with a key."""
        return "\x1f".join(
            (
                self.source_ref, self.full_name, str(self.birth_date or ""), self.id_last4, self.phone, self.email,
                self.language, self.country, self.region, self.time_zone, self.income,
            )
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountRow:
    """A row that is good: amounts in minor units of `currency`, the rate as a yearly fraction."""

    account_ref: str
    creditor: str
    product: str
    currency: str
    principal_minor: int
    interest_minor: int
    fees_minor: int
    original_minor: int
    annual_rate: Decimal
    opened_on: date
    delinquent_since: date | None
    last_payment_on: date | None
    state: str
    person: PersonRow

    @property
    def balance_minor(self) -> int:
        """All that is owed: principal + interest + fees."""
        return self.principal_minor + self.interest_minor + self.fees_minor

    def canonical(self) -> str:
        """Give one text that is equal for equal rows, to be digested with a key."""
        return "\x1e".join(
            (
                self.account_ref, self.creditor, self.product, self.currency,
                f"{self.principal_minor},{self.interest_minor},{self.fees_minor},{self.original_minor}",
                str(self.annual_rate), str(self.opened_on), str(self.delinquent_since or ""),
                str(self.last_payment_on or ""), self.state, self.person.canonical(),
            )
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How the cells of one file are read. `normalize_phone(text, country)` gives E.164 or None."""

    today: date
    normalize_phone: Callable[[str, str], str | None]
    countries: frozenset[str]
    time_zones: frozenset[str]
    date_order: str = "ymd"
    decimal: str = "point"


class RowReader:
    """Reads rows whose cells stand at `positions`; made once a file, then called for each row."""

    def __init__(self, *, positions: Mapping[str, int], width: int, rules: Rules) -> None:
        self._places = tuple((name, positions.get(name, -1)) for name in COLUMNS)
        self._width = width
        self._rules = rules
        self._latest = rules.today + timedelta(days=1)

    def read(self, cells: Sequence[object]) -> AccountRow | list[Fault]:
        """Read a row: all of it, or every fault that it has."""
        if len(cells) != self._width:
            return [Fault("", "row.cells", params={"found": len(cells), "wanted": self._width})]
        raw = {name: cells[place] if place >= 0 else None for name, place in self._places}
        return self.read_named(raw)

    def read_named(self, raw: Mapping[str, object]) -> AccountRow | list[Fault]:
        """Read a row given as column -> cell; every name of `COLUMNS` is there, an absent value is None."""
        good: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, read in _READERS:
            try:
                good[name] = read(self, raw[name], good)
            except CellError as error:
                faults.append(fault(name, error, raw[name]))
                good[name] = None
        if not faults:
            faults = _contradictions(good)
        return faults or _row(good)

    def required_text(self, name: str, cell: object) -> str:
        """Read a text that must be there; raises CellError."""
        text = read_text(cell, LENGTHS[name])
        if not text:
            raise CellError("required")
        return text

    def currency(self, cell: object) -> str:
        """Read a currency code; raises CellError when ISO 4217 as we know it lacks it."""
        code = read_text(cell, 40).upper()
        if not code:
            raise CellError("required")
        try:
            exponent(code)
        except UnknownCurrencyError:
            raise CellError("currency.unknown") from None
        return code

    def country(self, cell: object) -> str:
        """Read a country code; raises CellError when it is not known."""
        code = read_text(cell, 40).upper()
        if code not in self._rules.countries:
            raise CellError("country.unknown" if code else "required")
        return code

    def time_zone(self, cell: object) -> str:
        """Read the name of a time zone; raises CellError when it is not known."""
        name = read_text(cell, 80)
        if name not in self._rules.time_zones:
            raise CellError("time_zone.unknown" if name else "required")
        return name

    def language(self, cell: object) -> str:
        """Read a language tag; raises CellError."""
        text = read_text(cell, 40)
        if not text:
            raise CellError("required")
        return read_language(text)

    def phone(self, cell: object, country: str | None) -> str:
        """Read a telephone number as E.164; empty stays empty; raises CellError when nobody could call it."""
        text = read_text(cell, LENGTHS["phone"])
        if not text:
            return ""
        number = self._rules.normalize_phone(text, country or "ZZ")
        if number is None:
            raise CellError("phone.invalid", country=country or "this country", example="+66 81 234 5678")
        return number

    def email(self, cell: object) -> str:
        """Read an e-mail address; empty stays empty; raises CellError."""
        text = read_text(cell, LENGTHS["email"])
        return read_email(text) if text else ""

    def amount(self, cell: object, currency: str | None) -> int:
        """Read an amount that must be there, as minor units; raises CellError."""
        if cell is None:
            raise CellError("required")
        code = currency or "USD"
        return parse_amount(cell, decimal=self._rules.decimal, places=exponent(code), currency=code)

    def day(self, cell: object) -> date:
        """Read a day that is not in the future; raises CellError."""
        if cell is None:
            raise CellError("required")
        day = parse_date(cell, order=self._rules.date_order)
        if day > self._latest:
            raise CellError("date.future")
        return day

    def optional_day(self, cell: object) -> date | None:
        """Read a day that may be empty; raises CellError."""
        return None if _is_empty(cell) else self.day(cell)

    def birth_date(self, cell: object) -> date | None:
        """Read a date of birth that may be empty; raises CellError outside the ages of `AGES`."""
        born = self.optional_day(cell)
        if born is None:
            return None
        today = self._rules.today
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if age not in AGES:
            raise CellError("birth.age", age=age)
        return born


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _status(cell: object) -> str:
    text = read_text(cell, 40).casefold()
    if text not in STATES:
        raise CellError("status.unknown" if text else "required")
    return text


_Reader = Callable[[RowReader, object, dict[str, Any]], Any]


def _text(name: str) -> tuple[str, _Reader]:
    return name, lambda reader, cell, good: reader.required_text(name, cell)


def _amount(name: str, *, required: bool = True) -> tuple[str, _Reader]:
    def read(reader: RowReader, cell: object, good: dict[str, Any]) -> int | None:
        return None if not required and _is_empty(cell) else reader.amount(cell, good["currency"])

    return name, read


#: In this order: the country is needed by the phone, the currency by the amounts.
_READERS: tuple[tuple[str, _Reader], ...] = (
    _text("account_ref"),
    _text("creditor"),
    _text("product"),
    _text("debtor_ref"),
    _text("full_name"),
    ("date_of_birth", lambda reader, cell, good: reader.birth_date(cell)),
    ("id_last4", lambda reader, cell, good: read_id_last4(cell)),
    ("country", lambda reader, cell, good: reader.country(cell)),
    ("phone", lambda reader, cell, good: reader.phone(cell, good["country"])),
    ("email", lambda reader, cell, good: reader.email(cell)),
    ("language", lambda reader, cell, good: reader.language(cell)),
    ("region", lambda reader, cell, good: read_text(cell, LENGTHS["region"])),
    ("time_zone", lambda reader, cell, good: reader.time_zone(cell)),
    ("currency", lambda reader, cell, good: reader.currency(cell)),
    _amount("principal"),
    _amount("interest"),
    _amount("fees"),
    _amount("original_amount", required=False),
    ("annual_rate_percent", lambda reader, cell, good: parse_rate("" if cell is None else cell)),
    ("opened_on", lambda reader, cell, good: reader.day(cell)),
    ("delinquent_since", lambda reader, cell, good: reader.optional_day(cell)),
    ("last_payment_on", lambda reader, cell, good: reader.optional_day(cell)),
    _amount("stated_monthly_income", required=False),
    ("status", lambda reader, cell, good: _status(cell)),
)


def _contradictions(good: Mapping[str, Any]) -> list[Fault]:
    if good["status"] == "current" and good["delinquent_since"]:
        return [Fault("status", "status.late_but_current", "current")]
    if good["status"] == "arrears" and not good["delinquent_since"]:
        return [Fault("delinquent_since", "status.arrears_without_date")]
    return []


def _row(good: Mapping[str, Any]) -> AccountRow:
    income = good["stated_monthly_income"]
    original = good["original_amount"]
    return AccountRow(
        account_ref=good["account_ref"],
        creditor=good["creditor"],
        product=good["product"],
        currency=good["currency"],
        principal_minor=good["principal"],
        interest_minor=good["interest"],
        fees_minor=good["fees"],
        original_minor=good["principal"] if original is None else original,
        annual_rate=good["annual_rate_percent"],
        opened_on=good["opened_on"],
        delinquent_since=good["delinquent_since"],
        last_payment_on=good["last_payment_on"],
        state=STATES[good["status"]],
        person=PersonRow(
            source_ref=good["debtor_ref"],
            full_name=good["full_name"],
            birth_date=good["date_of_birth"],
            id_last4=good["id_last4"],
            phone=good["phone"],
            email=good["email"],
            language=good["language"],
            country=good["country"],
            region=good["region"],
            time_zone=good["time_zone"],
            income="" if income is None else f"{income} {good['currency']}",
        ),
    )

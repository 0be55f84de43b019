"""One row of an account file: checked cell by cell, and whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.core.imports.cells import Cells, Rules
from portal.core.imports.columns import COLUMNS
from portal.core.imports.faults import CellError, Fault, fault

STATES = {"current": "open", "arrears": "open", "closed": "closed"}
"""Status of the file -> state of the account; whether it is late says `delinquent_since` alone."""


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


class RowReader:
    """Reads rows whose cells stand at `positions`; made once a file, then called for each row."""

    def __init__(self, *, positions: Mapping[str, int], width: int, rules: Rules) -> None:
        self._places = tuple((name, positions.get(name, -1)) for name in COLUMNS)
        self._width = width
        self._cells = Cells(rules)
        self._known: dict[str, dict[object, Any]] = {name: {} for name in _FEW}

    def read(self, cells: Sequence[object]) -> AccountRow | list[Fault]:
        """Read a row: all of it, or every fault that it has."""
        if len(cells) != self._width:
            return [Fault("", "row.cells", params={"found": len(cells), "wanted": self._width})]
        return self.read_named({name: cells[place] if place >= 0 else None for name, place in self._places})

    def read_named(self, raw: Mapping[str, object]) -> AccountRow | list[Fault]:
        """Read a row given as column -> cell; every name of `COLUMNS` is there, an absent value is None."""
        good: dict[str, Any] = {}
        faults: list[Fault] = []
        cells = self._cells
        for name in _TEXTS:
            try:
                good[name] = cells.required_text(raw[name], name)
            except CellError as error:
                faults.append(fault(name, error, raw[name]))
        for name, read, before in _READERS:
            cell = raw[name]
            known = self._known.get(name) if type(cell) is str else None
            if known is not None and (value := known.get(cell, _UNREAD)) is not _UNREAD:
                good[name] = value
                continue
            try:
                good[name] = read(cells, cell, good[before]) if before else read(cells, cell)
                if known is not None and len(known) < _KNOWN_MAX:
                    known[cell] = good[name]
            except CellError as error:
                faults.append(fault(name, error, raw[name]))
                good[name] = None
        return faults or _contradictions(good) or _row(good)


_C = Cells
#: Column, how it is read, and the column that must be read before it.
_READERS: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("date_of_birth", _C.birth_date, ""),
    ("id_last4", _C.id_last4, ""),
    ("country", _C.country, ""),
    ("phone", _C.phone, "country"),
    ("email", _C.email, ""),
    ("language", _C.language, ""),
    ("region", _C.region, ""),
    ("time_zone", _C.time_zone, ""),
    ("currency", _C.currency, ""),
    ("principal", _C.amount, "currency"),
    ("interest", _C.amount, "currency"),
    ("fees", _C.amount, "currency"),
    ("original_amount", _C.optional_amount, "currency"),
    ("annual_rate_percent", _C.rate, ""),
    ("opened_on", _C.day, ""),
    ("delinquent_since", _C.optional_day, ""),
    ("last_payment_on", _C.optional_day, ""),
    ("stated_monthly_income", _C.optional_amount, "currency"),
    ("status", _C.status, ""),
)
#: Columns with few different cells: what one means is remembered, up to `_KNOWN_MAX` cells each.
_FEW = (
    "country", "language", "region", "time_zone", "currency", "annual_rate_percent", "opened_on", "delinquent_since",
    "last_payment_on", "status",
)  # fmt: skip
_KNOWN_MAX = 4_096
_UNREAD = object()
_TEXTS = ("account_ref", "creditor", "product", "debtor_ref", "full_name")


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

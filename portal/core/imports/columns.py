"""The kinds of files that a case system sends, their columns, and how a header is matched to them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

COLUMNS = (
    "account_ref", "creditor", "product", "debtor_ref", "full_name", "date_of_birth", "id_last4", "phone", "email",
    "language", "country", "region", "time_zone", "currency", "principal", "interest", "fees", "original_amount",
    "annual_rate_percent", "opened_on", "delinquent_since", "last_payment_on", "stated_monthly_income", "status",
)  # fmt: skip
"""Every column that is read, in the order of the sample files; a file may have them in any order."""

OPTIONAL = frozenset(
    {"id_last4", "email", "region", "original_amount", "last_payment_on", "stated_monthly_income"}
)
"""Columns that a file may leave out; in a row, a few more may be empty (`rows.py`)."""

AMOUNTS = ("principal", "interest", "fees", "original_amount", "stated_monthly_income")
"""Columns in major units, from which the decimal mark of a file can be seen."""


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """One kind of file: its columns in the order of the samples, which may be left out, which are amounts."""

    name: str
    columns: tuple[str, ...]
    optional: frozenset[str]
    amounts: tuple[str, ...] = ()


ACCOUNTS = FileKind(name="accounts", columns=COLUMNS, optional=OPTIONAL, amounts=AMOUNTS)
KINDS: Mapping[str, FileKind] = MappingProxyType(
    {
        "accounts": ACCOUNTS,
        "transactions": FileKind(
            name="transactions",
            columns=(
                "transaction_ref", "account_ref", "kind", "amount", "currency", "booked_on", "component", "method",
            ),
            optional=frozenset({"component", "method"}),
            amounts=("amount",),
        ),
        "lines": FileKind(
            name="lines",
            columns=("account_ref", "kind", "label", "on_date", "amount", "currency"),
            optional=frozenset({"label", "on_date"}),
            amounts=("amount",),
        ),
        "recalls": FileKind(
            name="recalls", columns=("account_ref", "reason", "force"), optional=frozenset({"force"})
        ),
    }
)  # fmt: skip
"""Accounts are told whole; each row of the others is one act: money that moved, a line of what is owed, a recall."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """Where each column stands in a row, and what was left over."""

    positions: Mapping[str, int]
    width: int
    ignored: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        """True when no column that must be there is missing and none is there twice."""
        return not self.missing and not self.doubled


def match_header(
    cells: Sequence[object], *, mapping: Mapping[str, str] | None = None, kind: FileKind = ACCOUNTS
) -> Header:
    """Match the first row of a file to the columns of its kind.

    Names are compared without case, spaces, hyphens and underscores. `mapping` says which name of the file means
    which column ({"Konto-Nr": "account_ref"}); it goes before the names themselves.
    """
    wanted = {_plain(name): name for name in kind.columns}
    wanted |= {_plain(theirs): ours for theirs, ours in (mapping or {}).items() if ours in kind.columns}
    names = [wanted.get(_plain("" if cell is None else str(cell))) for cell in cells]
    times = Counter(name for name in names if name)
    return Header(
        positions={name: place for place, name in enumerate(names) if name and times[name] == 1},
        width=len(cells),
        ignored=tuple(str(cell) for cell, name in zip(cells, names, strict=True) if name is None and cell),
        missing=tuple(name for name in kind.columns if name not in times and name not in kind.optional),
        doubled=tuple(sorted(name for name, count in times.items() if count > 1)),
    )


def unknown_targets(mapping: Mapping[str, str], *, kind: FileKind = ACCOUNTS) -> list[str]:
    """List what a mapping points to that is no column; a mapping with any is refused by its reader."""
    return sorted({ours for ours in mapping.values() if ours not in kind.columns})


def _plain(name: str) -> str:
    return "".join(
        char for char in name.casefold() if char not in " -_\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
    )

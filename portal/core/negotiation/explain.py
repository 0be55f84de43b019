"""Why an answer is what it is: reason codes with money, dates and counts, never a sentence and never a score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.bounds.families import Families
from portal.core.bounds.kinds import kinds
from portal.core.bounds.model import Common, FirstDate, Value
from portal.core.money import Money

Param = Money | date | int | str
# Every code an answer may carry, with the names of its parameters. Text lives in the web, by code.
CODES: Mapping[str, tuple[str, ...]] = {
    "TERM_MAX": ("months", "payments", "pay", "need"),
    "INSTALLMENT_MIN": ("min",),
    "INSTALLMENT_MAX": ("max",),
    "DOWN_PAYMENT_MIN": ("min",),
    "DOWN_PAYMENT_MAX": ("max",),
    "WAIVER_FAMILY": ("payments",),
    "DATE_LATE": ("date",),
    "DATE_EARLY": ("date",),
    "FREQ": ("freqs",),
    "FAMILY": ("family",),
    "RATE": (),
    "PARTS_COUNT": ("min", "max"),
    "GRACE_MAX": ("months",),
    "BALLOON": (),
    "STEP": (),
    "RE_AGE": ("times", "months", "age"),
    "NOT_LATE": (),
    "THETA": (),
    "PAUSE_MAX": ("days", "months"),
    "ACCOUNTS_MAX": ("max",),
    "ACTIVE_PLANS": ("max",),
    "OTHER_KIND": (),
    "COMBINATION": (),
    "ABOVE_BUDGET": (),
    "NEED_BUDGET": ("minutes",),
    "STATUTE": ("date",),
    "NOTHING_LEFT": (),
    "DISPUTE": (),
    "COMPLAINT": (),
    "HELD": (),
    "PAUSED": (),
    "PERSON": ("hours",),
    "LEFT_OUT": ("count",),
    "EVIDENCE_HELPED": (),
    "FIRM": ("date",),
}
PRIVATE_CODES = frozenset({"COMBINATION", "NEED_BUDGET", "PERSON"})
BUDGET_MINUTES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One reason: a code of `CODES` and its parameters as money, dates, counts or words, sorted by name."""

    code: str
    params: tuple[tuple[str, Param], ...] = ()

    def get(self, name: str) -> Param | None:
        """Return one parameter, or None."""
        return dict(self.params).get(name)


def reason(code: str, **params: Param) -> Reason:
    """Return a reason. Raises `KeyError` for a code or a parameter that `CODES` does not know."""
    unknown = set(params) - set(CODES[code])
    if unknown:
        raise KeyError(f"{code} has no {sorted(unknown)}")
    return Reason(code=code, params=tuple(sorted(params.items())))


def code_table() -> dict[str, str]:
    """Return the public code of every bound that can refuse an ask: 'installment.n_max' -> 'TERM_MAX'.

    Fields without a code cannot refuse one. Private groups (`value`, a private ladder) map to `PRIVATE_CODES`.
    """
    table: dict[str, str] = {}
    for family, kind in kinds(Families).items():
        assert kind.nested is not None  # noqa: S101 -- every family is a group
        table |= _codes(kind.nested, family)
    for name, owner in (("common", Common), ("common.first_date", FirstDate), ("value", Value)):
        table |= _codes(owner, name)
    return table


def _codes(owner: type, path: str) -> dict[str, str]:
    found = {}
    for name, kind in kinds(owner).items():
        if kind.code:
            found[f"{path}.{name}"] = kind.code
        if kind.nested is not None and kind.shape == "one":
            found |= _codes(kind.nested, f"{path}.{name}")
    return found

"""Rows that are good, sorted by what they say: something new, a change, or nothing that is not known already."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from portal.core.imports.faults import Fault
from portal.core.imports.rows import AccountRow


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownAccount:
    """What is needed of an account to see whether a row says anything new; `is_in_file`: an earlier row named it."""

    account_id: UUID
    debtor_id: UUID
    source_ref: str
    currency: str
    row_digest: bytes
    is_in_file: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownDebtor:
    """A debtor as known; `file_digest` is what an earlier row of this file said about the person."""

    debtor_id: UUID
    row_digest: bytes | None
    file_digest: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodRow:
    """A row that could be read, with the keyed digests of all of it and of its person."""

    number: int
    row: AccountRow
    digest: bytes
    person_digest: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One row to write: `kind` is new, change or same."""

    kind: str
    good: GoodRow
    account_id: UUID
    debtor_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonStep:
    """One person to write, told by the row `good`."""

    is_new: bool
    good: GoodRow
    debtor_id: UUID


@dataclass(kw_only=True)
class Sorted:
    """A batch of rows, sorted; `faults` are the rows that contradict the file or the house."""

    steps: list[Step] = field(default_factory=list)
    people: list[PersonStep] = field(default_factory=list)
    faults: list[tuple[int, list[Fault]]] = field(default_factory=list)


def sort_rows(
    rows: Sequence[GoodRow],
    *,
    accounts: Mapping[str, KnownAccount],
    debtors: Mapping[str, KnownDebtor],
    new_id: Callable[[], UUID],
) -> Sorted:
    """Sort a batch of rows against the accounts and debtors that are known under their references."""
    result = Sorted()
    here: set[str] = set()
    people: dict[str, tuple[UUID, bytes]] = {}
    for good in rows:
        ref = good.row.account_ref
        known = accounts.get(ref)
        if wrong := _contradiction(good, known, is_here=ref in here):
            result.faults.append((good.number, [wrong]))
            continue
        if known and known.row_digest == good.digest:
            here.add(ref)
            result.steps.append(
                Step(kind="same", good=good, account_id=known.account_id, debtor_id=known.debtor_id)
            )
            continue
        debtor_id = _person(good, debtors, people, result, new_id)
        if debtor_id is None:
            continue
        here.add(ref)
        kind, account_id = ("change", known.account_id) if known else ("new", new_id())
        result.steps.append(Step(kind=kind, good=good, account_id=account_id, debtor_id=debtor_id))
    return result


def _contradiction(good: GoodRow, known: KnownAccount | None, *, is_here: bool) -> Fault | None:
    row = good.row
    if is_here or (known and known.is_in_file):
        return Fault("account_ref", "row.duplicate", row.account_ref)
    if known and known.currency != row.currency:
        return Fault("currency", "row.currency_changed", row.currency, {"before": known.currency})
    if known and known.source_ref != row.person.source_ref:
        return Fault("debtor_ref", "row.debtor_changed", row.person.source_ref)
    return None


def _person(
    good: GoodRow,
    debtors: Mapping[str, KnownDebtor],
    people: dict[str, tuple[UUID, bytes]],
    result: Sorted,
    new_id: Callable[[], UUID],
) -> UUID | None:
    """Give the debtor of a row, writing the person down when it is new or told anew; None after a contradiction."""
    ref = good.row.person.source_ref
    known = debtors.get(ref)
    said = people.get(ref)
    if said is None and known and known.file_digest is not None:
        said = (known.debtor_id, known.file_digest)
    if said is not None:
        if said[1] == good.person_digest:
            return said[0]
        result.faults.append((good.number, [Fault("debtor_ref", "row.person_differs", ref)]))
        return None
    debtor_id = known.debtor_id if known else new_id()
    people[ref] = (debtor_id, good.person_digest)
    if known is None or known.row_digest != good.person_digest:
        result.people.append(PersonStep(is_new=known is None, good=good, debtor_id=debtor_id))
    return debtor_id

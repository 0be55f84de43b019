from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.imports.faults import Fault
from portal.core.imports.rows import AccountRow, PersonRow, RowReader
from portal.core.imports.sorting import GoodRow, Sorted, sort_rows
from portal.core.imports.words import security_word
from portal.gateways.tables.shapes import Row
from portal.store import staging
from portal.store.debtors import NewDebtor
from portal.store.lenders import save_creditor
from portal.store.work import Transaction

CREDITORS_MAX = 50
_TRIES_MAX = 3
Faults = list[tuple[int, list[Fault]]]


class ImportCollisionError(RuntimeError):
    """Somebody else kept creating the accounts of this file at the same moment."""


@dataclass(kw_only=True)
class Taken:
    """What became of the rows so far."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    rejected: int = 0
    debtors_created: int = 0
    creditors_created: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """Give the counts as a document; rows = created + updated + unchanged + kept + rejected."""
        return vars(self) | {"creditors_created": list(self.creditors_created)}


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What all rows of one file share; `creditors` grows with the names that the file brings."""

    import_id: UUID
    reader: RowReader
    creditors: dict[str, UUID]
    now: datetime


def take_rows(tx: Transaction, *, batch: Batch, rows: Sequence[Row], taken: Taken) -> Faults:
    """Take some rows of a file: write what is new, stage what changes, give back the rest with its reasons.

    Should somebody create the same accounts meanwhile, the rows are looked at again. Raises ImportCollisionError
    when that happens `_TRIES_MAX` times in a row.
    """
    good, faults = _read(tx, batch, rows)
    good = _with_creditors(tx, batch, good, faults, taken)
    for _ in range(_TRIES_MAX):
        with tx.connection.begin_nested() as step:
            plan = _sort(tx, batch, good)
            if _write(tx, batch, plan, first=rows[0][0], last=rows[-1][0]):
                break
            step.rollback()
    else:
        raise ImportCollisionError
    _count(taken, plan, rows=len(rows), rejected=len(faults) + len(plan.faults))
    return sorted(faults + plan.faults, key=lambda one: one[0])


def _read(tx: Transaction, batch: Batch, rows: Sequence[Row]) -> tuple[list[GoodRow], Faults]:
    good: list[GoodRow] = []
    faults: Faults = []
    read, digest = batch.reader.read, tx.digest
    for number, cells in rows:
        found = [cells] if isinstance(cells, Fault) else read(cells)
        if isinstance(found, AccountRow):
            person = digest("person", found.person.canonical())
            whole = digest("row", found.canonical())
            good.append(GoodRow(number=number, row=found, digest=whole, person_digest=person))
        else:
            faults.append((number, found))
    return good, faults


def _with_creditors(
    tx: Transaction, batch: Batch, good: list[GoodRow], faults: Faults, taken: Taken
) -> list[GoodRow]:
    """Create the creditors that the file names for the first time, up to a limit that no real file reaches."""
    kept: list[GoodRow] = []
    for one in good:
        name = one.row.creditor
        if name not in batch.creditors:
            if len(taken.creditors_created) >= CREDITORS_MAX:
                faults.append(
                    (one.number, [Fault("creditor", "creditor.too_many", name, {"limit": CREDITORS_MAX})])
                )
                continue
            batch.creditors[name] = save_creditor(
                tx, creditor_ref=name, brand_name=name, country=one.row.person.country, now=batch.now
            )
            taken.creditors_created.append(name)
        kept.append(one)
    return kept


def _sort(tx: Transaction, batch: Batch, good: list[GoodRow]) -> Sorted:
    refs = [one.row.account_ref for one in good]
    accounts = staging.known_accounts(tx, import_id=batch.import_id, refs=refs)
    people = {
        one.row.person.source_ref
        for one in good
        if not (known := accounts.get(one.row.account_ref)) or known.row_digest != one.digest
    }
    debtors = staging.known_debtors(tx, import_id=batch.import_id, refs=sorted(people)) if people else {}
    return sort_rows(good, accounts=accounts, debtors=debtors, new_id=tx.new_id)


def _write(tx: Transaction, batch: Batch, plan: Sorted, *, first: int, last: int) -> bool:
    """Stage the rows and insert the new ones; False when somebody else was faster with one of them."""
    staged = [
        staging.StagedDebtor(
            row_number=one.good.number,
            is_new=one.is_new,
            debtor_id=one.debtor_id,
            row_digest=one.good.person_digest,
            debtor=new_debtor(tx, one.good.row.person),
        )
        for one in plan.people
    ]
    if staged:
        staging.stage_debtors(tx, import_id=batch.import_id, rows=staged)
    if plan.steps:
        staging.stage_accounts(tx, import_id=batch.import_id, rows=_staged_accounts(batch, plan))
    place = _Place(tx, batch, first, last)
    fresh = sum(one.is_new for one in plan.people)
    if fresh and not place.insert(staging.insert_debtors, fresh):
        return False
    fresh = sum(step.kind == "new" for step in plan.steps)
    return not fresh or place.insert(staging.insert_accounts, fresh)


@dataclass(frozen=True)
class _Place:
    """The rows of one batch in staging."""

    tx: Transaction
    batch: Batch
    first: int
    last: int

    def insert(self, step: Callable[..., bool], expected: int) -> bool:
        return step(
            self.tx,
            import_id=self.batch.import_id,
            first=self.first,
            last=self.last,
            expected=expected,
            now=self.batch.now,
        )


def new_debtor(tx: Transaction, person: PersonRow) -> NewDebtor:
    """Make the debtor of a person, with the security word that the keyed digest of the reference picks."""
    word = security_word(
        language=person.language, digest=tx.steady_digest("security_word", person.source_ref)
    )
    return NewDebtor(
        source_ref=person.source_ref,
        full_name=person.full_name,
        birth_date=person.birth_date,
        id_last4=person.id_last4 or None,
        phone=person.phone or None,
        email=person.email or None,
        language=person.language,
        country=person.country,
        region=person.region or None,
        time_zone=person.time_zone,
        monthly_income=person.income or None,
        security_word=word,
    )


def _staged_accounts(batch: Batch, plan: Sorted) -> list[staging.StagedAccount]:
    return [
        staging.StagedAccount(
            row_number=step.good.number,
            step=step.kind,
            account_id=step.account_id,
            account_ref=row.account_ref,
            creditor_id=batch.creditors[row.creditor],
            debtor_id=step.debtor_id,
            product=row.product,
            currency=row.currency,
            principal_minor=row.principal_minor,
            interest_minor=row.interest_minor,
            fees_minor=row.fees_minor,
            original_minor=row.original_minor,
            annual_rate=row.annual_rate,
            opened_on=row.opened_on,
            delinquent_since=row.delinquent_since,
            last_payment_on=row.last_payment_on,
            state=row.state,
            row_digest=step.good.digest,
        )
        for step in plan.steps
        for row in (step.good.row,)
    ]


def _count(taken: Taken, plan: Sorted, *, rows: int, rejected: int) -> None:
    taken.rows += rows
    taken.rejected += rejected
    taken.debtors_created += sum(one.is_new for one in plan.people)
    taken.created += sum(step.kind == "new" for step in plan.steps)
    taken.updated += sum(step.kind == "change" for step in plan.steps)
    taken.unchanged += sum(step.kind == "same" for step in plan.steps)

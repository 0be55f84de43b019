import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.actions.accounts.find_and_lock import Found, find_and_lock, tell
from portal.actions.accounts.meet_live_plan import meet_live_plan
from portal.actions.accounts.take_rows import new_debtor
from portal.actions.accounts.tell_balance import balance_payload
from portal.core.actors import Actor
from portal.core.imports.rows import AccountRow
from portal.store import account_changes, accounts, case_balances, debtors
from portal.store.accounts import Line, NewAccount
from portal.store.case_balances import Parts
from portal.store.debtors import Debtor
from portal.store.lenders import list_creditors, save_creditor
from portal.store.work import Transaction, Work

_NOT_CODE = re.compile(r"[^A-Za-z0-9_.:-]+")
_FIGURES = ("principal_minor", "interest_minor", "fees_minor", "delinquent_since", "state")


@dataclass(frozen=True, kw_only=True)
class PutOutcome:
    """What became of it: created, updated, unchanged, or a contradiction.

    Contradictions change nothing: currency_changed, debtor_changed, lines_differ (they do not sum to the balance),
    plan_active (a signed plan keeps the figures; `rule` says what followed: keep, requote or freeze, and the figure is
    kept beside the portal's).
    """

    kind: str
    rule: str = ""
    changed: tuple[str, ...] = ()


def put_account(
    work: Work, *, row: AccountRow, lines: Sequence[Line] | None, actor: Actor, now: datetime
) -> PutOutcome:
    """Create an account with its debtor and lines, or bring it to what the case system says, and tell it.

    Without `lines` the itemization is principal, interest and fees. A recalled or settled account opens again. Equal
    rows change nothing.
    """
    if lines is not None and sum(line.amount_minor for line in lines) != row.balance_minor:
        return PutOutcome(kind="lines_differ")
    with work.begin() as tx:
        itemized = tuple(lines) if lines is not None else plain_lines(row)
        digest = tx.digest("row", _canonical(row, lines))
        found = find_and_lock(tx, account_ref=row.account_ref)
        if found is None:
            return _create(tx, row, itemized, digest, actor=actor, now=now)
        return _update(tx, found, row, itemized, digest, actor=actor, now=now)


def plain_lines(row: AccountRow) -> tuple[Line, ...]:
    """Give one line for each part of the balance that is not zero."""
    parts = (("principal", row.principal_minor), ("interest", row.interest_minor), ("fees", row.fees_minor))
    return tuple(
        Line(position=place, kind=kind, label_key=kind, on_date=None, amount_minor=amount)
        for place, (kind, amount) in enumerate(parts, 1)
        if amount
    )


def _canonical(row: AccountRow, lines: Sequence[Line] | None) -> str:
    if lines is None:
        return row.canonical()
    return row.canonical() + "".join(
        f"\x1d{line.kind},{line.label_key},{line.on_date},{line.amount_minor}" for line in lines
    )


def _create(
    tx: Transaction, row: AccountRow, lines: tuple[Line, ...], digest: bytes, *, actor: Actor, now: datetime
) -> PutOutcome:
    debtor, _ = _debtor(tx, row, now=now)
    fresh = NewAccount(
        account_ref=row.account_ref,
        creditor_id=_creditor(tx, row, now=now),
        debtor_id=debtor.debtor_id,
        lines=lines,
        as_of=now,
        row_digest=digest,
        **_columns(row),
    )
    account_id = accounts.save_account(tx, fresh, now=now)
    if row.state != "open":
        accounts.move_account(tx, account_id=account_id, before="open", after=row.state, now=now)
    account = accounts.find_account(tx, account_id=account_id)
    if account is None:
        raise LookupError(row.account_ref)
    payload = _details(row, now) | {
        "product": _NOT_CODE.sub("_", row.product).strip("_.:-") or "other",
        "parts": _parts(row),
        "days_past_due": account.days_past_due(now.date()),
    }
    tell(
        tx,
        Found(account=account, debtor=debtor),
        type_="account.created",
        actor=actor,
        now=now,
        payload=payload,
    )
    return PutOutcome(kind="created")


def _update(
    tx: Transaction,
    found: Found,
    row: AccountRow,
    lines: tuple[Line, ...],
    digest: bytes,
    *,
    actor: Actor,
    now: datetime,
) -> PutOutcome:
    account = found.account
    if account.currency != row.currency:
        return PutOutcome(kind="currency_changed")
    if found.debtor.source_ref != row.person.source_ref:
        return PutOutcome(kind="debtor_changed")
    if account.state != "recalled" and account_changes.is_same_row(
        tx, account_id=account.account_id, row_digest=digest
    ):
        return PutOutcome(kind="unchanged")
    fresh = _columns(row) | {"creditor_id": _creditor(tx, row, now=now), "state": row.state}
    changed = [name for name, value in fresh.items() if getattr(account, name) != value]
    if accounts.list_lines(tx, account_id=account.account_id) != list(lines):
        changed.append("lines")
    parts = (row.principal_minor, row.interest_minor, row.fees_minor)
    if set(changed) & {*_FIGURES, "lines"} and account_changes.has_plan(tx, account_id=account.account_id):
        return _kept_by_plan(tx, found, parts, actor=actor, now=now)
    _, is_person_changed = _debtor(tx, row, now=now)
    account_changes.update_account(tx, account_id=account.account_id, now=now, row_digest=digest, **fresh)
    account_changes.replace_lines(tx, account_id=account.account_id, lines=lines)
    case_balances.save_told(
        tx, account_id=account.account_id, parts=parts, ours_minor=sum(parts), effect="none", now=now
    )
    names = tuple(changed + (["debtor"] if is_person_changed else []))
    if not names:
        return PutOutcome(kind="unchanged")
    _tell_update(tx, found, row, names, actor=actor, now=now)
    return PutOutcome(kind="updated", changed=names)


def _kept_by_plan(tx: Transaction, found: Found, parts: Parts, *, actor: Actor, now: datetime) -> PutOutcome:
    """Follow the declared rule where the balance is another one; lines and dates alone change nothing."""
    account = found.account
    if parts == (account.principal_minor, account.interest_minor, account.fees_minor):
        return PutOutcome(kind="plan_active")
    return PutOutcome(kind="plan_active", rule=meet_live_plan(tx, found, told=parts, actor=actor, now=now))


def _tell_update(
    tx: Transaction, found: Found, row: AccountRow, names: tuple[str, ...], *, actor: Actor, now: datetime
) -> None:
    account = found.account
    payload = _details(row, now) | {"changed": list(names)}
    tell(tx, found, type_="account.updated", actor=actor, now=now, payload=payload)
    before = (account.principal_minor, account.interest_minor, account.fees_minor)
    after = (row.principal_minor, row.interest_minor, row.fees_minor)
    if before != after:
        moved = balance_payload(
            before=before, after=after, currency=row.currency, now=now, reason="case_system"
        )
        tell(tx, found, type_="account.balance_changed", actor=actor, now=now, payload=moved)


def _columns(row: AccountRow) -> dict[str, Any]:
    names = (
        "product", "currency", "principal_minor", "interest_minor", "fees_minor", "original_minor", "annual_rate",
        "opened_on", "delinquent_since", "last_payment_on",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _debtor(tx: Transaction, row: AccountRow, *, now: datetime) -> tuple[Debtor, bool]:
    """Give the debtor of a row as the row tells it, and whether anything about the person is new."""
    digest = tx.digest("person", row.person.canonical())
    known = debtors.find_debtor_by_source(tx, source_ref=row.person.source_ref)
    if known and account_changes.is_same_person(tx, debtor_id=known.debtor_id, row_digest=digest):
        return known, False
    told = new_debtor(tx, row.person)
    if known:
        account_changes.update_debtor(tx, debtor_id=known.debtor_id, debtor=told, row_digest=digest, now=now)
        return known, True
    debtor_id = debtors.save_debtor(tx, told, now=now)
    account_changes.stamp_debtor(tx, debtor_id=debtor_id, row_digest=digest)
    saved = debtors.find_debtor(tx, debtor_id=debtor_id)
    if saved is None:
        raise LookupError(row.person.source_ref)
    return saved, True


def _creditor(tx: Transaction, row: AccountRow, *, now: datetime) -> UUID:
    for one in list_creditors(tx):
        if row.creditor in (one.creditor_ref, one.brand_name):
            return one.creditor_id
    return save_creditor(
        tx, creditor_ref=row.creditor, brand_name=row.creditor, country=row.person.country, now=now
    )


def _details(row: AccountRow, now: datetime) -> dict[str, Any]:
    return {
        "balance": {"minor": row.balance_minor, "currency": row.currency},
        "as_of": now.isoformat().replace("+00:00", "Z"),
    }


def _parts(row: AccountRow) -> dict[str, Any]:
    return {
        name: {"minor": getattr(row, f"{name}_minor"), "currency": row.currency}
        for name in ("principal", "interest", "fees")
    }

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal.actions.care.open_dispute import hold_account
from portal.actions.cases.hand_over import hand_over
from portal.core.actors import DEBTOR
from portal.core.care import Circumstance, circumstances
from portal.core.packs.rules import pack_for
from portal.store import accounts, debtors, events, form_tokens, lenders
from portal.store.accounts import Account
from portal.store.debtors import Debtor
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class CircumstanceDeclared:
    """What it did: declared, there_already or not_found; until when messages stop, by when a person answers."""

    kind: str
    until: datetime | None = None
    answer_due_at: datetime | None = None


def declare_circumstance(
    work: Work, *, debtor_id: UUID, account_id: UUID, circumstance: str, token: str, now: datetime
) -> CircumstanceDeclared:
    """Take a circumstance that changes how a person must be treated, as a code without any detail.

    Some stop contact at once, some bring a person; `core.care.circumstances` says which. A hold of the same kind that
    is in force is not doubled. Raises KeyError for an unknown code.
    """
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=account_id)
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        if account is None or debtor is None or account.debtor_id != debtor_id:
            return CircumstanceDeclared(kind="not_found")
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        confirmed = frozenset(lender.settings.get("confirmed_facts", ())) if lender else frozenset()
        does = circumstances(pack_for(debtor.country), confirmed=confirmed)[circumstance]
        running = next(
            (h for h in accounts.list_holds(tx, account_id=account_id, now=now) if h.kind == does.hold), None
        )
        if running or not form_tokens.use_token(tx, token=token, answer=circumstance, now=now):
            return CircumstanceDeclared(kind="there_already", until=running.until if running else None)
        return _declare(tx, debtor, account, circumstance, does=does, now=now)


def _declare(
    tx: Transaction, debtor: Debtor, account: Account, circumstance: str, *, does: Circumstance, now: datetime
) -> CircumstanceDeclared:
    until = now + timedelta(days=does.days) if does.days else None
    payload: dict[str, object] = {"circumstance": circumstance, "is_urgent": does.is_urgent}
    if until is not None:
        payload["until"] = until.date().isoformat()
    events.append(
        tx,
        type="circumstance.declared",
        actor=DEBTOR,
        at=now,
        payload=payload,
        account_ref=account.account_ref,
        creditor_ref=account.creditor_ref,
        debtor_ref=debtor.debtor_ref,
    )
    if does.hold:
        hold_account(tx, debtor=debtor, account=account, kind=does.hold, now=now, until=until)
    handoff = (
        hand_over(tx, debtor=debtor, account=account, cause=circumstance, words=None, now=now)
        if does.needs_person
        else None
    )
    return CircumstanceDeclared(
        kind="declared", until=until, answer_due_at=handoff.answer_due_at if handoff else None
    )

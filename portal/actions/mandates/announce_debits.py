"""Each debit is told beforehand: which payment, how much at most, on which day, and until when it can be stopped.

Told in the portal, and by a neutral message as soon as the rules of contact allow one. A debit whose notice would
come too late is not made: the debtor pays that one by themselves.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from portal.actions.links.send_link import queue_link
from portal.core.actors import SYSTEM
from portal.core.calendar import local_day
from portal.core.mandates import STOPPING_HOLDS, debit_day
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, debtors, events, mandates
from portal.store.agreements import Installment
from portal.store.mandates import Debit, Mandate
from portal.store.rows import known
from portal.store.work import Transaction, Work

MARGIN_DAYS = 2
"""So many days earlier than the latest day is told, so that quiet hours do not make it late."""
TEMPLATE = "debit_notice"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One installment that is to be told: the debit of it that there is already, and the amount of the one before."""

    row: Installment
    debit: Debit | None
    before: Installment | None


def announce_debits(work: Work, *, mandate_id: UUID, base_url: str, now: datetime) -> int:
    """Tell the debits of a mandate whose notice is due; gives how many. Safe to run twice."""
    with work.begin() as tx:
        mandate = mandates.find_mandate(tx, mandate_id=mandate_id)
        if mandate is None or mandate.state != "active":
            return 0
        accounts.lock_account(tx, account_id=mandate.account_id)
        agreement = agreements.find_agreement(tx, agreement_id=mandate.agreement_id)
        holds = accounts.list_holds(tx, account_id=mandate.account_id, now=now)
        if agreement is None or agreement.state != "active" or any(h.kind in STOPPING_HOLDS for h in holds):
            return 0
        debtor = known(debtors.find_debtor(tx, debtor_id=mandate.debtor_id))
        today = local_day(now=now, time_zone=debtor.time_zone)
        grace = int(json.loads(agreement.terms_json)["rules"]["grace_days"])
        fresh = [
            one
            for one in _to_tell(tx, mandate, today)
            if _tell(tx, mandate, one, today=today, grace=grace, now=now)
        ]
        if fresh:
            queue_link(
                tx, debtor_id=debtor.debtor_id, now=now, base_url=base_url, template=TEMPLATE, actor=SYSTEM
            )
        return len(fresh)


def _to_tell(tx: Transaction, mandate: Mandate, today: date) -> list[Told]:
    """List the open installments whose notice is due and that no debit of this mandate stands for."""
    rows = agreements.list_installments(tx, agreement_id=mandate.agreement_id)
    there = {debit.number: debit for debit in mandates.list_debits(tx, agreement_id=mandate.agreement_id)}
    found: list[Told] = []
    before: Installment | None = None
    for row in rows:
        days = _notice(mandate, row, before)
        debit = there.get(row.number)
        is_open = row.left_minor > 0 and row.due_on > today
        is_new = debit is None or (debit.mandate_id != mandate.mandate_id and debit.state != "done")
        if is_open and is_new and today >= row.due_on - timedelta(days=days + MARGIN_DAYS):
            found.append(Told(row=row, debit=debit, before=before))
        before = row
    return found


def _notice(mandate: Mandate, row: Installment, before: Installment | None) -> int:
    """Give the days of notice that the mandate's terms promise for a debit of this amount."""
    varies = before is not None and before.amount_minor != row.left_minor
    return int(mandate.terms["varying_notice_days" if varies else "notice_days"])


def _tell(tx: Transaction, mandate: Mandate, told: Told, *, today: date, grace: int, now: datetime) -> bool:
    row = told.row
    days = _notice(mandate, row, told.before)
    day = debit_day(due_on=row.due_on, told_on=today, days=days, grace_days=grace)
    if day is None:
        return False
    debit = Debit(
        debit_id=told.debit.debit_id if told.debit else tx.new_id(),
        mandate_id=mandate.mandate_id,
        account_id=mandate.account_id,
        agreement_id=mandate.agreement_id,
        number=row.number,
        amount_minor=row.left_minor,
        due_on=row.due_on,
        debit_on=day,
        state="told",
        tries=0,
        told_at=now,
    )
    if told.debit is None:
        mandates.save_debit(tx, debit)
    elif not mandates.tell_again(tx, debit=debit, before=told.debit.state):
        return False
    _tell_event(tx, mandate, row, day, now=now)
    return True


def _tell_event(tx: Transaction, mandate: Mandate, row: Installment, day: date, *, now: datetime) -> None:
    account = known(accounts.find_account(tx, account_id=mandate.account_id))
    agreement = known(agreements.find_agreement(tx, agreement_id=mandate.agreement_id))
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="debit.announced",
        actor=SYSTEM,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=mandate.debtor_id)).debtor_ref,
        payload={
            "mandate": mandate.mandate_ref,
            "agreement": agreement.agreement_ref,
            "number": row.number,
            "amount": money_payload(row.left_minor, account.currency),
            "debit_on": day.isoformat(),
            "stop_until": (day - timedelta(days=1)).isoformat(),
        },
    )

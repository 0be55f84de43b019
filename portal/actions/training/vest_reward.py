"""A confirmed step's reward becomes part of the plan: the last payments fall, what they asked for is forgiven."""

from collections.abc import Sequence
from datetime import datetime

from portal.actions.life.complete_agreement import complete_if_paid
from portal.actions.training.learner import Learner, tell
from portal.core.actors import Actor
from portal.core.agreements.books import Owed, Settled, settle
from portal.core.agreements.rewards import Open, Vested, vest
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, events, ledger, rewards
from portal.store.accounts import Account
from portal.store.agreements import Installment
from portal.store.enrollments import KeptMilestone
from portal.store.ledger import Entry
from portal.store.work import Transaction

RUNNING = frozenset({"active", "broken"})


def vest_rewards(
    tx: Transaction, learner: Learner, steps: Sequence[KeptMilestone], *, actor: Actor, now: datetime
) -> int:
    """Take the rewards of just-verified milestones off the plan, book and tell them; gives the sum in minor units.

    A plan that does not run any more has nothing to take from. A step-up is never applied: it is the debtor's choice.
    """
    if learner.agreement.state not in RUNNING:
        return 0
    total = 0
    for step in steps:
        worth = int(step.reward.get("worth", 0))
        vested = _shrink(tx, learner, worth)
        if vested.amount:
            _forgive(tx, learner, vested.principal, actor=actor, now=now)
            _tell(tx, learner, step, vested, actor=actor, now=now)
            total += vested.amount
    if total and learner.agreement.state == "active":
        (account, *_others) = learner.accounts
        complete_if_paid(tx, account, learner.agreement, now=now)
    return total


def _shrink(tx: Transaction, learner: Learner, worth: int) -> Vested:
    rows = {
        row.number: row
        for row in agreements.list_installments(tx, agreement_id=learner.agreement.agreement_id)
        if row.state != "moved"
    }
    vested = vest([_open(row) for row in rows.values()], worth=worth)
    for cut in vested.changed:
        if not rewards.save_cut(tx, installment=rows[cut.number], cut=cut):
            raise InstallmentChangedError
    return vested


class InstallmentChangedError(Exception):
    """An installment changed although its account was locked; everything was rolled back."""


def _open(row: Installment) -> Open:
    return Open(
        number=row.number,
        amount=row.amount_minor,
        principal=row.principal_minor,
        interest=row.interest_minor,
        paid=row.paid_minor,
    )


def _forgive(tx: Transaction, learner: Learner, amount: int, *, actor: Actor, now: datetime) -> None:
    """Take what is forgiven off the accounts, book it as waived, and tell it to each."""
    left = amount
    for locked in learner.accounts:
        account = accounts.find_account(tx, account_id=locked.account_id) or locked
        part = min(left, account.balance_minor)
        if part:
            off = _waive(tx, account, part, now=now)
            left -= part
            _tell_waiver(tx, learner, account, off, actor=actor, now=now)


def _waive(tx: Transaction, account: Account, amount: int, *, now: datetime) -> Settled:
    owed = Owed(fees=account.fees_minor, interest=account.interest_minor, principal=account.principal_minor)
    off = settle(amount_minor=amount, owed=owed)
    accounts.save_balance(
        tx,
        account_id=account.account_id,
        principal_minor=account.principal_minor - off.principal,
        interest_minor=account.interest_minor - off.interest,
        fees_minor=account.fees_minor - off.fees,
        now=now,
    )
    sides = {"waived": amount, "fees": -off.fees, "interest": -off.interest, "principal": -off.principal}
    ledger.post(
        tx,
        account_id=account.account_id,
        currency=account.currency,
        entries=tuple(Entry(book=book, amount_minor=side) for book, side in sides.items() if side),
        on_date=now.date(),
        cause="training",
        payment_id=None,
        now=now,
    )
    return off


def _tell_waiver(
    tx: Transaction, learner: Learner, account: Account, off: Settled, *, actor: Actor, now: datetime
) -> None:
    parts = [name for name in ("principal", "interest", "fees") if getattr(off, name)]
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="waiver.vested",
        actor=actor,
        at=now,
        debtor_ref=learner.debtor_ref,
        payload={
            "agreement": learner.agreement.agreement_ref,
            "amount": money_payload(off.total, account.currency),
            "parts": parts,
            "cause": "training",
        },
    )


def _tell(
    tx: Transaction, learner: Learner, step: KeptMilestone, vested: Vested, *, actor: Actor, now: datetime
) -> None:
    tell(
        tx,
        learner,
        type_="training.reward_vested",
        actor=actor,
        now=now,
        milestone=step.kind,
        reward=str(step.reward["kind"]),
        amount=money_payload(vested.amount, learner.accounts[0].currency),
        effective_on=now.date().isoformat(),
    )

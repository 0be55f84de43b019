"""Money came for which there is no payment: somebody asks to put it on an account, or to send it back."""

from dataclasses import dataclass
from datetime import datetime

from portal.core.actors import Actor
from portal.core.money import Money
from portal.core.payment_notices import notice_from_json
from portal.core.payments import Kind, PaymentNotice
from portal.core.plans.telling import money_payload
from portal.store import accounts, events, unmatched
from portal.store.accounts import Account
from portal.store.debtors import new_ref
from portal.store.inbox import InboxRow
from portal.store.unmatched import Step
from portal.store.work import Transaction, Work

KINDS = ("match", "send_back")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What became of it: asked, or why nothing was.

    `kind`: asked, unknown (no such notice, or it is dealt with), no_money (it does not say that money came, or by which
    payment), waiting (somebody asked already), no_account, settled (nothing is open there), other_currency.
    """

    kind: str
    step_ref: str = ""


def money_of(body: bytes) -> tuple[PaymentNotice, Money] | None:
    """Read the money that a kept notice says came in; None when it says nothing of that."""
    try:
        notice = notice_from_json(body)
    except (ValueError, KeyError, TypeError):
        return None
    if notice.kind is not Kind.SUCCEEDED or notice.amount is None or not notice.payment_ref:
        return None
    return (notice, notice.amount) if notice.amount.minor > 0 else None


def ask_unmatched(
    work: Work,
    *,
    source: str,
    outside_id: str,
    kind: str,
    account_ref: str = "",
    by: str,
    actor: Actor,
    now: datetime,
) -> Asked:
    """Ask for one step about money that fits nothing; `by` is who asks, who may not say yes to it.

    Raises ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"a kind is one of {', '.join(KINDS)}")
    with work.begin() as tx:
        kept = unmatched.lock_notice(tx, source=source, outside_id=outside_id)
        if kept is None:
            return Asked(kind="unknown")
        found = money_of(kept.body)
        if found is None:
            return Asked(kind="no_money")
        if unmatched.find_open_step(tx, source=source, outside_id=outside_id) is not None:
            return Asked(kind="waiting")
        account = accounts.find_account(tx, account_ref=account_ref) if kind == "match" else None
        if kind == "match" and (refusal := _refusal(account, found[1])):
            return Asked(kind=refusal)
        step = _save(tx, kept, kind, account, found[1], by=by, now=now)
        _tell(tx, step, actor=actor, now=now)
        return Asked(kind="asked", step_ref=step.step_ref)


def _refusal(account: Account | None, amount: Money) -> str:
    if account is None:
        return "no_account"
    if account.state != "open":
        return "settled"
    return "other_currency" if account.currency != amount.currency else ""


def _save(
    tx: Transaction,
    kept: InboxRow,
    kind: str,
    account: Account | None,
    amount: Money,
    *,
    by: str,
    now: datetime,
) -> Step:
    step_id = tx.new_id()
    step = Step(
        step_id=step_id,
        step_ref=new_ref("ums", step_id),
        source=kept.source,
        outside_id=kept.outside_id,
        kind=kind,
        account_id=account.account_id if account else None,
        amount_minor=amount.minor,
        currency=amount.currency,
        state="asked",
        asked_by=by,
        asked_at=now,
    )
    unmatched.save_step(tx, step)
    return step


def _tell(tx: Transaction, step: Step, *, actor: Actor, now: datetime) -> None:
    payload = {
        "id": f"apr_{step.step_id.hex}",
        "subject": f"unmatched_{step.kind}",
        "subject_id": step.step_ref,
        "level": "approver",
        "amount": money_payload(step.amount_minor, step.currency),
    }
    events.append(tx, type="approval.requested", actor=actor, at=now, payload=payload)

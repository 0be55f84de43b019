"""What follows from an act of a plan beyond its own rows: the agreement's state, what is forgiven, free accounts."""

from datetime import datetime

from portal.actions.life.re_age_accounts import count_late_again
from portal.core.actors import SYSTEM
from portal.core.agreements.books import Owed, Settled, settle
from portal.core.life import money
from portal.core.life.acts import Act
from portal.core.life.state import Life
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, events, ledger, life_changes
from portal.store.accounts import Account
from portal.store.ledger import Entry
from portal.store.lives import KeptLife
from portal.store.rows import known
from portal.store.work import Transaction

AS_SIGNED = "as_signed"
TRANCHE = "tranche"


def consequences(tx: Transaction, kept: KeptLife, act: Act, before: Life) -> None:
    """Write down what an act means for the agreement and its accounts, in an open transaction."""
    if act.kind == "broken":
        agreements.move_agreement(
            tx, agreement_id=kept.agreement_id, before="active", after="broken", now=act.at
        )
    elif act.kind == "lapsed":
        agreements.release_accounts(tx, agreement_id=kept.agreement_id)
        count_late_again(tx, kept, before, now=act.at)
        life, stays = money.lapse(before, kept.world.terms)
        if stays:
            forgive(tx, kept, stays, cause=AS_SIGNED, now=act.at)
            life_changes.save_vested(tx, agreement_id=kept.agreement_id, vested_minor=life.vested)


def forgive(tx: Transaction, kept: KeptLife, amount: int, *, cause: str, now: datetime) -> int:
    """Forgive a part of what is owed for good: book it, take it off the accounts, tell it; gives the sum.

    At most what is owed is forgiven; over several accounts the first ones come first.
    """
    left = amount
    for one in kept.accounts:
        account = known(accounts.find_account(tx, account_id=one.account_id))
        part = min(left, account.balance_minor)
        if not part:
            continue
        left -= part
        off = _book(tx, account, part, cause=cause, now=now)
        events.append_for_accounts(
            tx,
            accounts=[account],
            type="waiver.vested",
            actor=SYSTEM,
            at=now,
            debtor_ref=kept.debtor_ref,
            payload={
                "agreement": kept.agreement_ref,
                "amount": money_payload(part, one.currency),
                "parts": [name for name in ("principal", "interest", "fees") if getattr(off, name)],
                "cause": cause,
            },
        )
    return amount - left


def _book(tx: Transaction, account: Account, part: int, *, cause: str, now: datetime) -> Settled:
    owed = Owed(fees=account.fees_minor, interest=account.interest_minor, principal=account.principal_minor)
    off = settle(amount_minor=part, owed=owed)
    accounts.save_balance(
        tx,
        account_id=account.account_id,
        principal_minor=account.principal_minor - off.principal,
        interest_minor=account.interest_minor - off.interest,
        fees_minor=account.fees_minor - off.fees,
        now=now,
    )
    sides = {"waived": part, "fees": -off.fees, "interest": -off.interest, "principal": -off.principal}
    ledger.post(
        tx,
        account_id=account.account_id,
        currency=account.currency,
        entries=tuple(Entry(book=book, amount_minor=side) for book, side in sides.items() if side),
        on_date=now.date(),
        cause=cause,
        payment_id=None,
        now=now,
    )
    return off

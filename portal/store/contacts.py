"""What the contact rules need to know about a person at this moment."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, select

from portal.core.contact import Standing
from portal.core.messages import LENDER_TEMPLATES
from portal.store.debtors import Debtor
from portal.store.messages import list_times
from portal.store.sessions import find_last_visit
from portal.store.tables.agreements import active_agreements
from portal.store.tables.debtors import accounts, holds
from portal.store.work import Transaction


def load_standing(tx: Transaction, *, debtor: Debtor, now: datetime, but: UUID | None = None) -> Standing:
    """Load a person's standing: wrong number, stop, holds and plans on every live account, the messages of 7 days.

    `but` is the message that asks: it does not count against itself.
    """
    return Standing(
        time_zone=debtor.time_zone,
        is_wrong_party=debtor.wrong_party_at is not None,
        has_stopped=debtor.messages_stopped_at is not None,
        is_held=_is_held(tx, debtor, now),
        is_planned=_is_planned(tx, debtor),
        sent=list_times(
            tx, debtor_id=debtor.debtor_id, templates=LENDER_TEMPLATES, since=now - timedelta(days=7), but=but
        ),
        acted_at=find_last_visit(tx, debtor_id=debtor.debtor_id),
    )


def _is_held(tx: Transaction, debtor: Debtor, now: datetime) -> bool:
    """Tell whether a person has live accounts and every one of them is on hold."""
    in_force = and_(
        holds.c.lender_id == accounts.c.lender_id,
        holds.c.account_id == accounts.c.account_id,
        holds.c.released_at.is_(None),
        holds.c.until.is_(None) | (holds.c.until > now),
    )
    rows = tx.execute(
        select(accounts.c.account_id, holds.c.hold_id)
        .select_from(accounts.outerjoin(holds, in_force))
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.debtor_id == debtor.debtor_id,
            accounts.c.state.in_(["open", "settled"]),
        )
    ).all()
    held = {row.account_id for row in rows if row.hold_id is not None}
    return bool(rows) and held == {row.account_id for row in rows}


def _is_planned(tx: Transaction, debtor: Debtor) -> bool:
    """Tell whether a person has open accounts and a signed plan runs on every one of them."""
    active = and_(
        active_agreements.c.lender_id == accounts.c.lender_id,
        active_agreements.c.account_id == accounts.c.account_id,
    )
    rows = tx.execute(
        select(accounts.c.account_id, active_agreements.c.agreement_id)
        .select_from(accounts.outerjoin(active_agreements, active))
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.debtor_id == debtor.debtor_id,
            accounts.c.state == "open",
        )
    ).all()
    return bool(rows) and all(row.agreement_id is not None for row in rows)

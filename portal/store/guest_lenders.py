"""Which lenders a guest of the house serves: an agency with clients there, a provider with learners there.

Only that pair is kept; who the clients and learners are lives in each lender's own tables (HOUSE.md 4).
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.lenders import lenders
from portal.store.tables.shared import guest_lenders
from portal.store.work import SharedTransaction, Transaction

LENDERS_MAX = 200


def note_lender(tx: Transaction, *, house_id: UUID) -> None:
    """Remember that an agency or a provider has somebody at this lender."""
    known = select(guest_lenders.c.lender_id).where(
        guest_lenders.c.house_id == house_id, guest_lenders.c.lender_id == tx.lender_id
    )
    if tx.execute(known).first() is None:  # no insert where it is known: those wait for each other
        fresh = insert(guest_lenders).values(house_id=house_id, lender_id=tx.lender_id)
        tx.execute(fresh.on_conflict_do_nothing())


def list_lenders(tx: SharedTransaction, *, house_id: UUID) -> list[tuple[int, str, str]]:
    """List (number, short name, name) of the lenders that an agency or a provider serves."""
    rows = tx.execute(
        select(lenders.c.lender_id, lenders.c.slug, lenders.c.name)
        .select_from(guest_lenders.join(lenders, lenders.c.lender_id == guest_lenders.c.lender_id))
        .where(guest_lenders.c.house_id == house_id)
        .order_by(lenders.c.lender_id)
        .limit(LENDERS_MAX)
    )
    return [(row.lender_id, row.slug, row.name) for row in rows]

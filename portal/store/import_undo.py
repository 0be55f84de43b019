"""What an import made, and whether anything happened to it since."""

from uuid import UUID

from sqlalchemy import and_, delete, exists, select

from portal.store.tables.debtors import account_lines, accounts, case_balances, debtor_words, debtors
from portal.store.tables.events import events
from portal.store.work import Transaction


def lock_made(tx: Transaction, *, import_id: UUID) -> int:
    """Lock the people and accounts that an import made until the commit; gives how many accounts there are.

    People first: who sends somebody a link locks the person, who changes an account locks the account.
    """
    tx.execute(
        select(debtors.c.debtor_id)
        .where(debtors.c.lender_id == tx.lender_id, debtors.c.import_id == import_id)
        .order_by(debtors.c.debtor_id)
        .with_for_update()
    )
    locked = tx.execute(
        select(accounts.c.account_id)
        .where(accounts.c.lender_id == tx.lender_id, accounts.c.import_id == import_id)
        .order_by(accounts.c.account_id)
        .with_for_update()
    )
    return len(locked.all())


def is_touched(tx: Transaction, *, import_id: UUID) -> bool:
    """Tell whether anything was told of what an import made: a link, a message, a visit, a hold, a change."""
    own = events.c.lender_id == tx.lender_id
    of_account = select(events.c.id).select_from(
        events.join(
            accounts,
            and_(accounts.c.lender_id == events.c.lender_id, accounts.c.account_ref == events.c.account_ref),
        )
    )
    of_person = select(events.c.id).select_from(
        events.join(
            debtors,
            and_(debtors.c.lender_id == events.c.lender_id, debtors.c.debtor_ref == events.c.debtor_ref),
        )
    )
    told = (
        exists(of_account.where(own, accounts.c.import_id == import_id)),
        exists(of_person.where(own, debtors.c.import_id == import_id)),
    )
    return any(bool(tx.execute(select(one)).scalar_one()) for one in told)


def delete_made(tx: Transaction, *, import_id: UUID) -> None:
    """Delete the accounts that an import made, and the people among its own who have no other account."""
    made = select(accounts.c.account_id).where(
        accounts.c.lender_id == tx.lender_id, accounts.c.import_id == import_id
    )
    for table in (account_lines, case_balances):
        tx.execute(delete(table).where(table.c.lender_id == tx.lender_id, table.c.account_id.in_(made)))
    tx.execute(
        delete(accounts).where(accounts.c.lender_id == tx.lender_id, accounts.c.import_id == import_id)
    )
    left = exists(
        select(accounts.c.account_id).where(
            accounts.c.lender_id == debtors.c.lender_id, accounts.c.debtor_id == debtors.c.debtor_id
        )
    )
    alone = select(debtors.c.debtor_id).where(
        debtors.c.lender_id == tx.lender_id, debtors.c.import_id == import_id, ~left
    )
    tx.execute(
        delete(debtor_words).where(
            debtor_words.c.lender_id == tx.lender_id, debtor_words.c.debtor_id.in_(alone)
        )
    )
    tx.execute(
        delete(debtors).where(debtors.c.lender_id == tx.lender_id, debtors.c.import_id == import_id, ~left)
    )

"""How often a sign-in was tried lately: one counter for each login, whether it exists or not."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert

from portal.store.cipher import secret_digest
from portal.store.tables.shared import sign_in_tries
from portal.store.work import SharedTransaction

TRIES_MAX = 10
WINDOW = timedelta(minutes=5)


def count_try(tx: SharedTransaction, *, word: str, now: datetime) -> bool:
    """Count one try of a login (`core.logins.directory_word`); False when there were `TRIES_MAX` in `WINDOW` already.

    One statement, so parallel tries are all counted.
    """
    fresh = insert(sign_in_tries).values(login_digest=secret_digest(word), window_started_at=now, tries=1)
    is_over = sign_in_tries.c.window_started_at <= now - WINDOW
    counted = fresh.on_conflict_do_update(
        index_elements=["login_digest"],
        set_={
            "window_started_at": case((is_over, now), else_=sign_in_tries.c.window_started_at),
            "tries": case((is_over, 1), else_=sign_in_tries.c.tries + 1),
        },
    ).returning(sign_in_tries.c.tries)
    return int(tx.execute(counted).scalar_one()) <= TRIES_MAX


def forget_tries(tx: SharedTransaction, *, word: str) -> None:
    """Begin anew after a sign-in that worked."""
    tx.execute(delete(sign_in_tries).where(sign_in_tries.c.login_digest == secret_digest(word)))

"""One-use form tokens: a repeated POST with the same token gets the first answer instead of a second effect."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.store.cipher import secret_digest
from portal.store.tables.identity import form_tokens
from portal.store.work import Transaction


def first_answer(tx: Transaction, *, token: str) -> str | None:
    """Give the answer (a path or a reference) that a used token led to; None while it is unused."""
    found = tx.execute(
        select(form_tokens.c.answer).where(
            form_tokens.c.lender_id == tx.lender_id, form_tokens.c.token_digest == secret_digest(token)
        )
    ).scalar_one_or_none()
    return None if found is None else str(found)


def use_token(tx: Transaction, *, token: str, answer: str, now: datetime) -> bool:
    """Use a token in the transaction of its effect; False when another request used it first: then do nothing.

    A parallel request waits here for the first one's commit.
    """
    fresh = (
        insert(form_tokens)
        .values(lender_id=tx.lender_id, token_digest=secret_digest(token), answer=answer, used_at=now)
        .on_conflict_do_nothing()
    )
    return tx.execute(fresh).rowcount == 1

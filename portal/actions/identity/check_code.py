from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.actions.identity.let_in import LOCKED, VerifyOutcome, let_in
from portal.core.actors import DEBTOR
from portal.core.identity import TRIES_PER_CODE
from portal.store import codes, debtors, events, sessions
from portal.store.codes import CodeResult
from portal.store.debtors import Debtor, new_ref
from portal.store.work import Transaction, Work

IDENTITY = "identity"


def check_code(
    work: Work,
    *,
    session_id: UUID,
    debtor_id: UUID,
    purpose: str,
    bound_to: bytes | None,
    code: str,
    now: datetime,
) -> CodeResult:
    """Check a code that was sent to this session for this purpose and this thing; a right one is used up.

    Gives right, wrong with the tries left, or void (too old, used, tried 5 times, of another session or thing). The
    session then holds the fresh factor `code:PURPOSE`. An act that must be one transaction with its code calls
    `store.codes.take_code` itself.
    """
    with work.begin() as tx:
        result = codes.take_code(
            tx, session_id=session_id, purpose=purpose, bound_to=bound_to, code=code, now=now
        )
        if result.is_right:
            sessions.add_factor(tx, session_id=session_id, factor=f"code:{purpose}", now=now)
        elif debtor := debtors.find_debtor(tx, debtor_id=debtor_id):
            tell_failed(tx, debtor=debtor, result=result, link_id=None, now=now)
        return result


def check_identity_code(
    work: Work,
    *,
    session_id: UUID,
    debtor_id: UUID,
    link_id: UUID,
    state: Mapping[str, Any],
    code: str,
    device: str | None,
    now: datetime,
) -> VerifyOutcome:
    """Check the code of somebody who already gave the known fact; a right one lets them in.

    Gives verified, mismatch with the tries left, code_void (a new code can be asked for) or locked.
    """
    fact = state.get("proved")
    if not fact:
        return LOCKED
    with work.begin() as tx:
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        if debtor is None or debtor.wrong_party_at is not None:
            return LOCKED
        result = codes.take_code(
            tx, session_id=session_id, purpose=IDENTITY, bound_to=None, code=code, now=now
        )
        if result.is_right:
            return let_in(
                tx, debtor=debtor, session_id=session_id, link_id=link_id, state=state, device=device,
                method=f"{fact}_and_code", now=now,
            )  # fmt: skip
        tell_failed(tx, debtor=debtor, result=result, link_id=link_id, now=now)
        kind = "mismatch" if result.kind == "wrong" else "code_void"
        return VerifyOutcome(kind=kind, tries_left=result.tries_left)


def tell_failed(
    tx: Transaction, *, debtor: Debtor, result: CodeResult, link_id: UUID | None, now: datetime
) -> None:
    """Tell that a code did not fit, and that it is void after its fifth try, in an open transaction."""
    link = {"link": new_ref("lnk", link_id)} if link_id else {}
    failed = {"method": "code", "tries_left": result.tries_left, "reason": f"code_{result.kind}"} | link
    events.append(
        tx, type="identity.failed", actor=DEBTOR, at=now, payload=failed, debtor_ref=debtor.debtor_ref
    )
    if result.is_spent:
        locked = {"locked": "code", "tries": TRIES_PER_CODE} | link
        events.append(
            tx, type="identity.locked", actor=DEBTOR, at=now, payload=locked, debtor_ref=debtor.debtor_ref
        )

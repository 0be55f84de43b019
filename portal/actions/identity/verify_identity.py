"""A person answers the one question; the try is counted before the answer is looked at."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.actions.identity.let_in import LOCKED, VerifyOutcome, let_in
from portal.core.actors import DEBTOR
from portal.core.identity import (
    DEVICE_COOKIE_DAYS,
    TRIES_PER_DEBTOR,
    TRIES_PER_LINK,
    Fact,
    IdentityRules,
    fact_to_ask,
    is_same,
    reasons_for_code,
    rules_of,
)
from portal.store import codes, debtors, events, lenders, links, sessions
from portal.store.debtors import Debtor, Person, new_ref
from portal.store.work import Transaction, Work


def verify_identity(
    work: Work,
    *,
    session_id: UUID,
    debtor_id: UUID,
    link_id: UUID,
    answer: str,
    state: Mapping[str, Any],
    device: str | None,
    now: datetime,
) -> VerifyOutcome:
    """Try one known fact (ISO birth date, or the last four of an ID) of the person a link was sent to.

    At most 5 tries a link, then it is locked for good, and 100 wrong answers a person for ever; both are counted by
    one statement each before the answer is evaluated, so parallel tries cannot pass them. A wrong answer and a fact
    that is not on file are answered alike.
    """
    with work.begin() as tx:
        tries = links.take_try(tx, link_id=link_id)
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        if tries is None or debtor is None or debtor.wrong_party_at is not None:
            return LOCKED
        if links.take_try_of_debtor(tx, debtor_id=debtor_id) is None:
            return _lock(tx, debtor, link_id, locked="account", tries=TRIES_PER_DEBTOR, now=now)
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        rules = rules_of(lender.settings if lender else {})
        fact, on_file = _fact(rules, debtors.load_person(tx, debtor_id=debtor_id))
        if not is_same(on_file=on_file, given=answer):
            return _fail(tx, debtor, link_id, fact=fact, tries=tries, now=now)
        links.give_try_back(tx, debtor_id=debtor_id)
        if reasons := _reasons(tx, rules, debtor, device, now):
            proved = {"proved": fact, "reasons": list(reasons)}
            sessions.merge_state(tx, session_id=session_id, values=proved)
            return VerifyOutcome(kind="code_needed")
        return let_in(
            tx, debtor=debtor, session_id=session_id, link_id=link_id, state=state, device=device,
            method=fact, now=now,
        )  # fmt: skip


def _fact(rules: IdentityRules, person: Person) -> tuple[Fact, str | None]:
    fact = fact_to_ask(
        rules=rules,
        has_birth_date=person.birth_date is not None,
        has_id_last4=person.id_last4 is not None,
    )
    born = person.birth_date.isoformat() if person.birth_date else None
    return fact, born if fact == "birth_date" else person.id_last4


def _reasons(
    tx: Transaction, rules: IdentityRules, debtor: Debtor, device: str | None, now: datetime
) -> tuple[str, ...]:
    return reasons_for_code(
        rules=rules,
        is_known_device=codes.is_known_device(
            tx, debtor_id=debtor.debtor_id, device=device, now=now, days=DEVICE_COOKIE_DAYS
        ),
        has_devices=codes.has_devices(tx, debtor_id=debtor.debtor_id),
        confirmed_at=debtor.phone_confirmed_at,
        now=now,
    )


def _fail(
    tx: Transaction, debtor: Debtor, link_id: UUID, *, fact: Fact, tries: int, now: datetime
) -> VerifyOutcome:
    left = TRIES_PER_LINK - tries
    payload = {
        "method": fact,
        "link": new_ref("lnk", link_id),
        "tries_left": left,
        "reason": "fact_differs",
    }
    events.append(
        tx, type="identity.failed", actor=DEBTOR, at=now, payload=payload, debtor_ref=debtor.debtor_ref
    )
    if left:
        return VerifyOutcome(kind="mismatch", tries_left=left)
    return _lock(tx, debtor, link_id, locked="link", tries=tries, now=now)


def _lock(
    tx: Transaction, debtor: Debtor, link_id: UUID, *, locked: str, tries: int, now: datetime
) -> VerifyOutcome:
    """Lock the link for good; a fresh link to the number on file opens the door again."""
    links.move_link(tx, link_id=link_id, before="opened", after="locked", now=now)
    payload = {"locked": locked, "link": new_ref("lnk", link_id), "tries": tries}
    events.append(
        tx, type="identity.locked", actor=DEBTOR, at=now, payload=payload, debtor_ref=debtor.debtor_ref
    )
    return LOCKED

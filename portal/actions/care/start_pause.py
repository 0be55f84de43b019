from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal.actions.care.find_pause_room import PAUSE, find_pause_room
from portal.actions.cases.hand_over import hand_over
from portal.actions.contact.send_message import quiet_queue
from portal.core.actors import DEBTOR
from portal.core.care import CareRules, care_rules
from portal.store import accounts, debtors, events, form_tokens, lenders
from portal.store.accounts import Account
from portal.store.debtors import Debtor, new_ref
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class PauseStarted:
    """What became of it: started (until), running (until), asked (a person answers by the time), not_found."""

    kind: str
    until: datetime | None = None
    ref: str = ""
    answer_due_at: datetime | None = None


def start_pause(
    work: Work, *, debtor_id: UUID, account_id: UUID, token: str, now: datetime, days: int | None = None
) -> PauseStarted:
    """Pause an account at once, without a reason: no payments are asked for and no messages sent.

    `days` is one of the lengths of the bounds; any other gives the usual one. As often as the bounds allow; beyond
    that a person decides and the answer's time is promised. `token` is the form's one-use token; a repeated form finds
    the pause running.
    """
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=account_id)
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        if account is None or debtor is None or account.debtor_id != debtor_id:
            return PauseStarted(kind="not_found")
        running = next(
            (h for h in accounts.list_holds(tx, account_id=account_id, now=now) if h.kind == PAUSE), None
        )
        if running or not form_tokens.use_token(tx, token=token, answer=str(account_id), now=now):
            return PauseStarted(kind="running", until=running.until if running else None)
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        rules = care_rules(lender.settings if lender else {})
        room = find_pause_room(tx, account=account, debtor=debtor, now=now)
        if not room.is_open:
            handoff = hand_over(tx, debtor=debtor, account=account, cause="pause_again", words=None, now=now)
            return PauseStarted(kind="asked", ref=handoff.handoff_ref, answer_due_at=handoff.answer_due_at)
        length = days if days in room.days else room.days[0]
        return _start(tx, debtor, account, rules, until=now + timedelta(days=length), now=now)


def _start(
    tx: Transaction, debtor: Debtor, account: Account, rules: CareRules, *, until: datetime, now: datetime
) -> PauseStarted:
    stops = ["contact", "payments", *(["interest"] if rules.pause_stops_interest else [])]
    hold_id = accounts.save_hold(tx, account_id=account.account_id, kind=PAUSE, now=now, until=until)
    events.append(
        tx,
        type="pause.started",
        actor=DEBTOR,
        at=now,
        payload={
            "id": new_ref("pse", hold_id),
            "kind": "breathing_space",
            "starts_on": now.date().isoformat(),
            "until": until.date().isoformat(),
            "stops": stops,
        },
        account_ref=account.account_ref,
        creditor_ref=account.creditor_ref,
        debtor_ref=debtor.debtor_ref,
    )
    quiet_queue(tx, debtor=debtor, now=now)
    return PauseStarted(kind="started", until=until, ref=new_ref("pse", hold_id))

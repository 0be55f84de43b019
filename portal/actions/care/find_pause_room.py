"""How long and how often a person can pause an account by themselves: what its bounds say, and what was used of it."""

from datetime import datetime

from portal.actions.cases.desk import Desk, lay_desk
from portal.core.bounds.families import BreathingSpace
from portal.core.bounds.resolve import resolve
from portal.core.calendar import local_day
from portal.core.care import PauseRoom, pause_room
from portal.core.negotiation.context import subject_of
from portal.core.packs.rules import pack_for
from portal.store import accounts, agreements
from portal.store.accounts import Account
from portal.store.debtors import Debtor
from portal.store.work import Transaction

PAUSE = "pause"


def find_pause_room(tx: Transaction, *, account: Account, debtor: Debtor, now: datetime) -> PauseRoom:
    """Give the room for pauses on an account, in an open transaction; the rules are those of every decision on it."""
    today = local_day(now=now, time_zone=debtor.time_zone)
    desk = lay_desk(tx, account_id=account.account_id, debtor_id=debtor.debtor_id, today=today, now=now)
    running = agreements.find_active(tx, account_id=account.account_id)
    signed_at = running.signed_at if running else None
    return pause_room(
        _rule(desk) if isinstance(desk, Desk) else None,
        pack=pack_for(debtor.country),
        begun=[
            local_day(now=at, time_zone=debtor.time_zone)
            for at in accounts.list_hold_starts(tx, account_id=account.account_id, kind=PAUSE)
        ],
        plan_since=local_day(now=signed_at, time_zone=debtor.time_zone) if signed_at else None,
        today=today,
    )


def _rule(desk: Desk) -> BreathingSpace | None:
    rules = resolve(bounds=desk.bounds, subject=subject_of(desk.facts.accounts[0]), pack=desk.pack)
    return rules.families.breathing_space if rules else None

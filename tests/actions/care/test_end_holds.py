import secrets
from datetime import timedelta

from portal.actions.care.declare_circumstance import declare_circumstance
from portal.actions.care.end_holds import end_holds
from portal.actions.care.start_pause import start_pause
from portal.store import accounts


def test_a_pause_and_a_hold_end_on_their_date_and_are_told_once(door):
    both = {"debtor_id": door.debtor_id, "account_id": door.account_id, "now": door.now}
    start_pause(door.work, token=secrets.token_urlsafe(24), **both)
    declare_circumstance(door.work, circumstance="adviser", token=secrets.token_urlsafe(24), **both)
    with door.work.begin() as tx:
        accounts.save_hold(tx, account_id=door.account_id, kind="dispute", now=door.now)
    assert end_holds(door.work, now=door.now + timedelta(days=29)) == 0
    assert end_holds(door.work, now=door.now + timedelta(days=30)) == 2
    assert end_holds(door.work, now=door.now + timedelta(days=31)) == 0
    assert door.told("pause.ended")[0]["reason"] == "date"
    assert door.told("pause.ended")[0]["id"] == door.told("pause.started")[0]["id"]
    assert door.told("account.released")[0]["cause"] == "adviser"
    with door.work.read() as tx:
        left = accounts.list_holds(tx, account_id=door.account_id, now=door.now)
    assert [hold.kind for hold in left] == ["dispute"]

from portal.actions.contact.stop_messages import stop_messages
from portal.core.actors import SYSTEM
from portal.store import messages


def test_it_is_obeyed_at_once_and_told_once(door):
    door.send(sms=None, requested_by=SYSTEM)
    for _ in range(2):
        assert stop_messages(door.work, debtor_id=door.debtor_id, source="portal", now=door.now)
    with door.work.read() as tx:
        assert messages.list_queued_of(tx, debtor_id=door.debtor_id) == []
    assert door.told("contact.preferences_changed") == [
        {"changed": ["messages"], "stopped_channels": ["sms"], "source": "portal"}
    ]


def test_by_the_link_before_anybody_is_verified(door):
    door.send()
    assert stop_messages(door.work, token=door.sms.last_token, source="link", now=door.now)
    assert door.debtor().messages_stopped_at == door.now
    assert door.open() is not None


def test_a_stranger_stops_nothing(door):
    assert not stop_messages(door.work, token="x" * 26, source="link", now=door.now)
    assert not stop_messages(door.work, debtor_id=door.account_id, source="portal", now=door.now)

from portal.actions.contact.start_messages import start_messages
from portal.actions.contact.stop_messages import stop_messages


def test_messages_come_again_and_it_is_told_once(door):
    assert not start_messages(door.work, debtor_id=door.debtor_id, now=door.now)
    stop_messages(door.work, debtor_id=door.debtor_id, source="portal", now=door.now)
    assert start_messages(door.work, debtor_id=door.debtor_id, now=door.now)
    assert door.debtor().messages_stopped_at is None
    assert door.told("contact.preferences_changed")[-1]["channels"] == ["sms"]

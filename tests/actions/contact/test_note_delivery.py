from portal.actions.contact.note_delivery import note_delivery


def note(door, message_id, state="delivered", reason=""):
    return note_delivery(
        door.work, message_id=message_id, state=state, carrier_id="c-9", reason=reason, now=door.now
    )


def test_delivered_is_told_once(door):
    message_id = door.send().message_id
    assert note(door, message_id)
    assert not note(door, message_id)
    assert not note(door, message_id, "failed", "late")
    assert door.message(message_id).state == "delivered"
    assert door.told("message.delivered")[0]["carrier_id"] == "c-9"


def test_a_failure_has_its_reason(door):
    message_id = door.send().message_id
    assert note(door, message_id, "failed", "number_unknown")
    assert door.told("message.failed")[0]["reason"] == "number_unknown"


def test_a_notice_that_is_faster_than_the_answer(door):
    door.sms.state = "unknown"
    message_id = door.send().message_id
    assert note(door, message_id)
    assert door.message(message_id).state == "delivered"


def test_an_unknown_message_changes_nothing(door):
    assert not note(door, door.account_id)

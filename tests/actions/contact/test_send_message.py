from portal.actions.contact.send_message import send_message, settle_message
from portal.core.actors import SYSTEM
from portal.store import accounts, messages
from tests.fakes import SmsFake


def queue(door):
    return door.send(sms=None, requested_by=SYSTEM).message_id


def deliver(door, message_id):
    return send_message(door.work, message_id=message_id, now=door.now, sms=door.sms)


def test_twice_is_once(door):
    message_id = queue(door)
    assert deliver(door, message_id).kind == "sent"
    assert deliver(door, message_id).kind == "gone"
    assert len(door.sms.sent) == 1
    assert door.message(message_id).gateway_ref == "c-1"


def test_the_rules_are_asked_again_when_it_goes_out(door):
    message_id = queue(door)
    with door.work.begin() as tx:
        accounts.save_hold(tx, account_id=door.account_id, kind="dispute", now=door.now)
    assert deliver(door, message_id).reason == "held"
    assert door.message(message_id).state == "suppressed"
    assert door.told("message.suppressed")[0]["reason"] == "held"


def test_it_is_put_off_when_the_night_came(door):
    message_id = queue(door)
    door.wait(hours=10)
    assert deliver(door, message_id).kind == "queued"
    assert door.message(message_id).due_at > door.now
    assert door.sms.sent == []


def test_a_link_that_ran_out_while_it_waited_does_not_go_out(door):
    message_id = queue(door)
    door.wait(days=6)
    assert deliver(door, message_id).reason == "too_late"


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key(door):
    message_id = queue(door)
    door.sms = SmsFake(state="unknown")
    assert deliver(door, message_id).kind == "unknown"
    assert door.message(message_id).state == "unknown"
    key = door.sms.sent[0][2]
    door.sms = SmsFake()

    def settle():
        return settle_message(door.work, message_id=message_id, now=door.now, sms=door.sms).kind

    assert settle() == "gone"  # too early: somebody may still be waiting for the answer
    door.wait(seconds=61)
    with door.work.read() as tx:
        assert messages.list_due(tx, state="unknown", now=door.now, limit=5) == [message_id]
    assert settle() == "sent"
    assert door.sms.sent[0][2] == key
    assert settle() == "gone"
    assert door.told().count("message.sent") == 1


def test_after_a_day_without_an_answer_it_counts_as_failed(door):
    message_id = queue(door)
    door.sms.state = "unknown"
    deliver(door, message_id)
    door.wait(hours=25)
    assert settle_message(door.work, message_id=message_id, now=door.now, sms=door.sms).kind == "failed"
    assert door.told("message.failed")[0]["reason"] == "no_answer"


def test_an_unknown_message_is_gone(door):
    assert deliver(door, door.account_id).kind == "gone"

from datetime import timedelta

from portal.actions.links.report_wrong_party import report_wrong_party
from portal.core.sms import count_segments


def test_a_code_comes_by_text_and_only_its_digest_is_kept(door):
    session = door.enter()
    assert door.ask_code(session).kind == "sent"
    code = door.sms.last_code
    assert code.isdigit()
    assert len(code) == 6
    assert door.sms.last_text.endswith(f"@pay.northwind.example #{code}")
    assert count_segments(door.sms.last_text) == 1
    row = door.code_state()[0]
    assert code.encode() not in bytes(row.digest)
    assert row.expires_at - row.sent_at == timedelta(minutes=10)
    assert code not in str(door.told("message.queued"))


def test_half_a_minute_between_two(door):
    session = door.enter()
    door.ask_code(session)
    soon = door.ask_code(session)
    assert soon.kind == "too_soon"
    assert 0 < soon.wait_seconds <= 31
    door.wait(seconds=30)
    assert door.ask_code(session).kind == "sent"


def test_five_in_ten_minutes_of_a_session_and_ten_in_an_hour_of_a_person(door):
    session = door.enter()
    for _ in range(5):
        assert door.ask_code(session).kind == "sent"
        door.wait(seconds=31)
    assert door.ask_code(session).kind == "too_many"
    other = door.enter()
    for _ in range(5):
        assert door.ask_code(other).kind == "sent"
        door.wait(seconds=31)
    third = door.enter()
    assert door.ask_code(third).kind == "too_many"
    door.wait(hours=1)
    assert door.ask_code(third).kind == "sent"


def test_no_code_to_a_strangers_phone(door):
    session = door.enter()
    report_wrong_party(door.work, link_id=session.link_id, now=door.now)
    before = len(door.sms.sent)
    assert door.ask_code(session).kind == "no_number"
    assert len(door.sms.sent) == before


def test_a_carrier_that_does_not_take_it(door):
    session = door.enter()
    door.sms.state = "failed"
    assert door.ask_code(session).kind == "failed"
    door.sms = None
    door.wait(seconds=31)
    assert not door.ask_code(session).is_on_its_way

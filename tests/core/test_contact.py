from datetime import UTC, datetime, timedelta

import pytest

from portal.core.contact import Standing, day_kind, may_contact, next_open
from portal.core.packs.rules import PACKS, contact_window, pack_for

TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)  # 11 in the morning in New York


def decide(*, now=TUESDAY, country="US", zone="America/New_York", is_requested=False, **standing):
    return may_contact(
        pack=pack_for(country),
        standing=Standing(time_zone=zone, **standing),
        now=now,
        is_requested=is_requested,
    )


def test_by_day_a_message_goes():
    assert decide().is_allowed


def test_at_night_it_waits_for_the_morning_of_the_person():
    decision = decide(now=datetime(2026, 12, 1, 3, 0, tzinfo=UTC))  # 22 in the evening in New York
    assert (decision.is_allowed, decision.reason) == (False, "quiet_hours")
    assert decision.next_at == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)


def test_sunday_and_holidays_are_quiet():
    saturday_night = datetime(2026, 12, 5, 23, 0, tzinfo=UTC)
    assert decide(now=saturday_night).next_at == datetime(2026, 12, 7, 14, 0, tzinfo=UTC)
    christmas = datetime(2026, 12, 25, 16, 0, tzinfo=UTC)
    assert decide(now=christmas).next_at == datetime(2026, 12, 26, 15, 0, tzinfo=UTC)
    assert day_kind(pack_for("US"), christmas.date()) == "holiday"


def test_a_count_is_kept():
    one = decide(sent=[TUESDAY - timedelta(hours=3)])
    assert (one.reason, one.next_at) == ("too_many", TUESDAY + timedelta(hours=22))  # opens at 9
    three = decide(sent=[TUESDAY - timedelta(days=days) for days in (2, 3, 6)])
    assert three.next_at == TUESDAY + timedelta(days=1)
    assert decide(sent=[TUESDAY - timedelta(days=days) for days in (2, 3)]).is_allowed


def test_who_was_here_lately_is_left_in_peace_for_a_week():
    decision = decide(acted_at=TUESDAY - timedelta(days=2))
    assert (decision.reason, decision.next_at) == ("acted_lately", TUESDAY + timedelta(days=6, hours=-2))
    assert decide(acted_at=TUESDAY - timedelta(days=7)).is_allowed
    assert decide(acted_at=TUESDAY, is_requested=True).is_allowed


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        ({"is_wrong_party": True}, "wrong_party"),
        ({"has_stopped": True}, "stopped"),
        ({"is_held": True}, "held"),
    ],
)
def test_some_things_stop_a_message_for_good(standing, reason):
    decision = decide(**standing)
    assert (decision.is_allowed, decision.reason, decision.next_at) == (False, reason, None)


def test_what_is_asked_for_comes_at_once_but_never_to_a_strangers_phone():
    night = datetime(2026, 12, 6, 4, 0, tzinfo=UTC)
    sent = [night - timedelta(hours=hour) for hour in range(1, 5)]
    assert decide(now=night, is_requested=True, has_stopped=True, is_held=True, sent=sent).is_allowed
    assert not decide(now=night, is_requested=True, is_wrong_party=True).is_allowed


@pytest.mark.parametrize("country", sorted(PACKS))
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Bangkok", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_no_message_ever_falls_outside_a_window(country, zone):
    pack = pack_for(country)
    start = datetime(2027, 3, 10, 0, 7, tzinfo=UTC)  # over the changes of the clocks
    for hour in range(0, 24 * 30, 5):
        after = start + timedelta(hours=hour)
        at = next_open(pack=pack, time_zone=zone, after=after)
        assert at >= after
        from zoneinfo import ZoneInfo

        local = at.astimezone(ZoneInfo(zone))
        opens, closes = contact_window(pack, day_kind(pack, local.date()))
        assert opens <= local.time() < closes


def test_a_signed_plan_stops_collection_and_nothing_else():
    planned = {
        "pack": pack_for("US"),
        "standing": Standing(time_zone="America/New_York", is_planned=True),
        "now": TUESDAY,
    }
    stopped = may_contact(**planned, is_requested=False, is_collection=True)
    assert (stopped.is_allowed, stopped.reason, stopped.next_at) == (False, "planned", None)
    assert may_contact(**planned, is_requested=False).is_allowed, "the plan's own reminders go on"
    assert may_contact(**planned, is_requested=True, is_collection=True).is_allowed
    assert decide().is_allowed

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.deliveries import ATTEMPTS_MAX, RETRY_DELAYS, Reply, judge, must_disable, read_retry_after

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
OOPS = Reply(status=500)


def verdict(reply=OOPS, *, attempt=1, failures=0, jitter=0.0):
    return judge(reply=reply, attempt=attempt, failures=failures, jitter=jitter, now=NOW)


def test_the_schedule_is_ten_attempts_over_75_hours():
    assert ATTEMPTS_MAX == 10
    assert sum(RETRY_DELAYS, timedelta(0)) == timedelta(hours=75, minutes=35, seconds=5)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_delivered(status):
    assert verdict(Reply(status=status)).state == "delivered"


@pytest.mark.parametrize("status", [100, 301, 302, 307, 400, 401, 404, 418, 500, 599, None])
def test_anything_else_is_tried_again(status):
    found = verdict(Reply(status=status))
    assert (found.state, found.due_at) == ("due", NOW + timedelta(seconds=5))


@pytest.mark.parametrize(("attempt", "delay"), list(enumerate(RETRY_DELAYS, 1)))
def test_each_attempt_waits_for_its_delay_and_a_little_more(attempt, delay):
    assert verdict(attempt=attempt).due_at == NOW + delay
    assert verdict(attempt=attempt, jitter=1.0).due_at == NOW + delay * 1.1


def test_the_tenth_failure_gives_up():
    assert verdict(attempt=10).state == "dead"
    assert verdict(attempt=11).state == "dead"
    assert verdict(Reply(status=204), attempt=10).state == "delivered"


def test_gone_stops_the_endpoint_and_the_event_waits_uncounted():
    found = verdict(Reply(status=410), attempt=10)
    assert (found.state, found.disable, found.is_counted) == ("due", "gone", False)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_receiver_rests_and_names_its_time(status):
    assert verdict(Reply(status=status)).slow_until == NOW + timedelta(seconds=5)
    asked = verdict(Reply(status=status, retry_after="120"))
    assert asked.slow_until == NOW + timedelta(seconds=120)
    assert asked.due_at == asked.slow_until, "an attempt inside the rest would be wasted"
    assert verdict(Reply(status=status, retry_after="120"), attempt=5).due_at == NOW + timedelta(hours=5)
    assert verdict(Reply(status=500, retry_after="120")).slow_until is None


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, None), (1, None), (2, 5), (3, 10), (4, 20), (8, 300), (500, 300)]
)
def test_the_breaker_opens_after_three_and_rests_longer_each_time(failures, seconds):
    found = verdict(Reply(status=None, error="timeout"), failures=failures).slow_until
    assert found == (None if seconds is None else NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("status", [301, 400, 404, 422])
def test_disliking_one_event_does_not_open_the_breaker(status):
    assert verdict(Reply(status=status), failures=99).slow_until is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("٣", None), ("0", 0), (" 30 ", 30),
        ("999999999999999999", 86_400), ("Tue, 01 Dec 2026 09:31:00 GMT", 60), ("Tue, 01 Dec 2020 09:31:00 GMT", 0),
        ("Tue, 01 Dec 2099 09:31:00 GMT", 86_400), ("Tue, 99 Dec 2026 09:31:00 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_with_care(text, seconds):
    found = read_retry_after(text, now=NOW)
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_120_hours_of_nothing_but_failures_stop_an_endpoint():
    assert not must_disable(failing_since=None, now=NOW)
    assert not must_disable(failing_since=NOW - timedelta(hours=119, minutes=59), now=NOW)
    assert must_disable(failing_since=NOW - timedelta(hours=120), now=NOW)

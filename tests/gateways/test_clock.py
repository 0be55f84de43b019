from datetime import UTC, datetime, timedelta

from portal.gateways.clock import FrozenClock, TravelClock, WallClock, clock_of


def test_the_wall_clock_is_utc_and_aware():
    assert WallClock().now().tzinfo is UTC
    assert isinstance(clock_of(None), WallClock)


def test_all_processes_that_share_the_file_travel_together(tmp_path):
    one, other = TravelClock(tmp_path / "clock"), clock_of(str(tmp_path / "clock"))
    assert one.shift() == timedelta(0)
    one.travel(timedelta(days=30))
    other.travel(timedelta(days=-1, hours=2))
    assert one.shift() == other.shift() == timedelta(days=29, hours=2)
    assert abs(other.now() - datetime.now(UTC) - timedelta(days=29, hours=2)) < timedelta(seconds=5)


def test_a_frozen_clock_moves_only_when_told():
    clock = FrozenClock(datetime(2026, 12, 1, tzinfo=UTC))
    clock.move(timedelta(hours=3))
    assert clock.now() == datetime(2026, 12, 1, 3, tzinfo=UTC)

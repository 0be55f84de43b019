"""The sealing job: twice in a row is once, and a backlog is sealed to its end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.core.actors import SYSTEM
from portal.gateways.clock import FrozenClock
from portal.gateways.time_stamps import Stamp, TimeStampError
from portal.jobs.evidence import seal_log_of, stamp_heads_of
from portal.jobs.house import House
from portal.settings import Settings
from portal.store import events, sealing, time_stamps
from tests import build


@pytest.fixture
def house(database, database_urls):
    settings = Settings.from_environment({"PORTAL_ENV": "test", "DATABASE_URL": database_urls["app"]})
    return House(settings=settings, database=database, clock=FrozenClock(build.NOW + timedelta(minutes=5)))


def test_twice_is_once(house, work):
    with work.begin() as tx:
        for number in range(12):
            payload = {"id": f"imp_{number}", "rows": number}
            events.append(tx, type="import.finished", actor=SYSTEM, at=build.NOW, payload=payload)
    assert seal_log_of(house, work.lender_id) == 12
    assert seal_log_of(house, work.lender_id) == 0
    with work.read() as tx:
        assert [one.size for one in sealing.list_checkpoints(tx, after=0, limit=9)] == [12]


class Authority:
    """A time-stamp authority that answers or does not; what it stamped is kept."""

    url = "https://stamps.example"

    def __init__(self):
        self.stamped, self.is_away = [], False

    def stamp(self, content):
        if self.is_away:
            raise TimeStampError("the time-stamp authority cannot be reached")
        self.stamped.append(content)
        return Stamp(token=b"stamp over " + content[:20], stamped_at=build.NOW)


def tell(work, number):
    with work.begin() as tx:
        payload = {"id": f"imp_{number}", "rows": number}
        events.append(tx, type="import.finished", actor=SYSTEM, at=build.NOW, payload=payload)


def test_sealing_goes_on_without_the_authority_and_the_stamp_comes_later(house, work):
    authority = Authority()
    house = replace(house, time_stamps=authority)
    authority.is_away = True
    tell(work, 1)
    assert seal_log_of(house, work.lender_id) == 1
    assert stamp_heads_of(house, [work.lender_id, work.lender_id]) == 0
    tell(work, 2)
    house.clock.at += timedelta(minutes=2)
    assert seal_log_of(house, work.lender_id) == 2
    authority.is_away = False
    assert stamp_heads_of(house, [work.lender_id]) == 1
    assert stamp_heads_of(house, [work.lender_id]) == 0, "twice is once"
    with work.read() as tx:
        head = sealing.find_newest_checkpoint(tx)
        kept = time_stamps.find_newest(tx, up_to=head.size)
    assert (kept.size, kept.authority) == (head.size, authority.url)
    assert authority.stamped == [head.note.encode()], "one stamp, on the newest head"


def test_an_authority_is_asked_every_ten_minutes_at_most(house, work):
    authority = Authority()
    house = replace(house, time_stamps=authority)
    for minute in range(1, 13):
        tell(work, minute)
        house.clock.at += timedelta(minutes=1)
        seal_log_of(house, work.lender_id)
        stamp_heads_of(house, [work.lender_id])
    assert len(authority.stamped) == 2
    assert stamp_heads_of(replace(house, time_stamps=None), [work.lender_id]) == 0

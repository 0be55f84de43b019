"""The sealing job: twice in a row is once, and a backlog is sealed to its end."""

from datetime import timedelta

import pytest

from portal.core.actors import SYSTEM
from portal.gateways.clock import FrozenClock
from portal.jobs.evidence import seal_log_of
from portal.jobs.house import House
from portal.settings import Settings
from portal.store import events, sealing
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

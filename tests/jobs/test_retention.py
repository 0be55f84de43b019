"""The retention job: twice is once, and nobody is forgotten early."""

from datetime import timedelta

from portal.gateways.clock import FrozenClock
from portal.jobs.house import House
from portal.jobs.retention import keep_records_of
from portal.settings import Settings
from tests import build


def test_twice_is_once(database, database_urls, work):
    build.a_debtor(work)
    settings = Settings.from_environment({"PORTAL_ENV": "test", "DATABASE_URL": database_urls["app"]})
    house = House(settings=settings, database=database, clock=FrozenClock(build.NOW))
    assert keep_records_of(house, work.lender_id) == 0
    house.clock.at += timedelta(days=366 * 8)
    assert keep_records_of(house, work.lender_id) == 1
    assert keep_records_of(house, work.lender_id) == 0

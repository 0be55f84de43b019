from datetime import UTC, datetime, timedelta

import pytest

from portal.cli.demo_travel import noon_of, travel_to
from portal.gateways.clock import TravelClock
from tests.actions.life.living import BASE, a_living
from tests.databases import migrated_database, opened_database


@pytest.fixture
def database(server_url):
    """A database without the lenders of other tests: the demo travels with all that there are."""
    with migrated_database(server_url) as urls, opened_database(urls) as opened:
        yield opened


class Travelled(TravelClock):
    """A travelling clock over a wall that stands still."""

    def __init__(self, file, start):
        super().__init__(file)
        self.start = start

    def now(self):
        return self.start + self.shift()


def test_the_demo_goes_day_by_day_and_says_what_plans_did(database, work, lender, tmp_path):
    plan = a_living(work, lender)
    clock, said = Travelled(tmp_path / "shift", plan.chain.now), []
    to = plan.after(plan.rows[0], days=7)
    assert travel_to(database, clock, to=to, base_url=BASE, say=said.append) >= 4
    assert clock.now() == to
    ours = [line for line in said if plan.chain.account().account_ref in line]
    assert [line.split("  ")[-1].strip() for line in ours] == [
        "installment.upcoming, payment 1",
        "installment.due, payment 1",
        "installment.missed, payment 1",
    ]
    assert travel_to(database, clock, to=to - timedelta(days=3), base_url=BASE, say=said.append) == 0


def test_a_day_is_its_noon():
    assert noon_of(datetime(2027, 3, 1, tzinfo=UTC)).isoformat() == "2027-03-01T12:00:00+00:00"

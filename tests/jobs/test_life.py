"""The job of plans: twice is once, a lender that fails does not keep the others, kill -9 tells nothing twice."""

import itertools
import multiprocessing
import os
import signal
import time
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import DBAPIError

from portal.actions.life import act_on_plans as room
from portal.actions.life.act_on_plans import act_on_plans
from portal.gateways.clock import FrozenClock
from portal.gateways.ids import new_id
from portal.jobs import life as job
from portal.store.work import open_database
from tests import build
from tests.actions.life.living import BASE, a_living


@dataclass
class House:
    """As much of a worker's house as the job asks for."""

    database: object
    clock: FrozenClock

    @property
    def settings(self):
        return SimpleNamespace(base_url=BASE)

    def work(self, lender_id):
        return self.database.work(lender_id)


def test_the_job_acts_until_nothing_is_due_and_twice_is_once(database, work, lender):
    plans = [a_living(work, lender) for _ in range(3)]
    house = House(database, FrozenClock(plans[0].after(plans[0].rows[0], days=9)))
    assert job.act_on_plans_of(house, lender.lender_id) == 12
    assert job.act_on_plans_of(house, lender.lender_id) == 0


def test_a_lender_whose_pass_fails_waits_for_the_next_minute(database, lender, monkeypatch):
    def fails(*_args, **_named):
        raise DBAPIError("select", {}, Exception("gone"))

    monkeypatch.setattr(job, "act_on_plans", fails)
    assert job.act_on_plans_of(House(database, FrozenClock(build.NOW)), lender.lender_id) == 0


def slowly(url, lender_id, now):
    """Act on two plans at a time, slowly, until killed."""
    database = open_database(url=url, master_key=build.MASTER_KEY, new_id=new_id, pool_size=1)
    honest = room.remind

    def remind(tx, wanted, **named):
        time.sleep(0.05)
        return honest(tx, wanted, **named)

    room.remind = remind
    while act_on_plans(database.work(lender_id), now=now, base_url=BASE, limit=2).plans:
        pass


@pytest.mark.long
def test_killed_again_and_again_it_tells_nothing_twice(database_urls, work, lender):
    plans = [a_living(work, lender) for _ in range(24)]
    late = plans[0].after(plans[0].rows[0], days=9)
    context = multiprocessing.get_context("spawn")
    for _ in range(8):
        process = context.Process(target=slowly, args=(database_urls["app"], lender.lender_id, late))
        process.start()
        time.sleep(1.6)
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
    while act_on_plans(work, now=late, base_url=BASE).plans:
        pass
    for plan in plans:
        told = [
            one.type for one in plan.events("installment.upcoming", "installment.due", "installment.missed")
        ]
        assert told == ["installment.upcoming", "installment.due", "installment.missed"]
        assert plan.messages() == [("plan_late", "queued")]
        numbers = [one.account_sequence for one in plan.events()]
        assert all(b == a + 1 for a, b in itertools.pairwise(numbers))

import asyncio
import re
import signal
import subprocess
import sys

import psycopg
import pytest

from portal.cli.events import ROOT
from portal.gateways.clock import FrozenClock, WallClock
from portal.jobs import sweepers, worker
from portal.jobs.app import QUEUES, app, connector_of
from portal.jobs.house import House
from portal.settings import Settings
from portal.store import inbox, jobs
from tests import build
from tests.gateways.receivers import honest_receiver
from tests.jobs.bench import SECRET, an_endpoint, tell_house
from tests.jobs.killing import environment, wait_until

NOTICE = b'{"event_id":"evt_1"}'


@pytest.fixture
def house(database, database_urls):
    settings = Settings.from_environment(environment(database_urls))
    return House(settings=settings, database=database, clock=FrozenClock(build.NOW))


def run(house, coroutine):
    """Run a coroutine with the app open, as the worker has it."""

    async def inside():
        with app.replace_connector(connector_of(house.settings.database_url, pool_size=6)):
            async with app.open_async():
                return await coroutine()

    return asyncio.run(inside())


def drain(house, *queues):
    run(house, lambda: worker.run_lanes(house, queues, wait=False))


def jobs_of(urls, task):
    with psycopg.connect(urls["app"]) as connection:
        query = "SELECT status, attempts FROM procrastinate.procrastinate_jobs WHERE task_name = %s"
        return connection.execute(query, [task]).fetchall()


def test_every_task_has_a_queue_and_every_queue_in_code_a_lane():
    queues = worker.load_tasks()
    assert {"payments", "upkeep"} <= queues <= set(QUEUES)
    named = {
        task.queue for task in app.tasks.values() if not task.name.startswith(("builtin", "procrastinate"))
    }
    assert named <= set(QUEUES), "a task without a lane would wait for ever"


def test_the_action_s_queues_have_lanes():
    """Every `jobs.defer(…, queue=…)` in the tree names a queue of the worker."""
    found = set()
    for file in (ROOT / "portal").rglob("*.py"):
        found |= set(re.findall(r'defer\([^)]*?queue="([a-z]+)"', file.read_text(), re.DOTALL))
    assert found
    assert found <= set(QUEUES)


def test_a_job_runs_its_action_and_goes(house, work, lender, database_urls, monkeypatch):
    worker.load_tasks()
    done = []
    from portal.jobs import payments

    monkeypatch.setattr(payments, "act", lambda work, **more: done.append((work.lender_id, more)))
    with work.begin() as tx:
        jobs.defer(tx, "record_payment", queue="payments", source="stripe", outside_id=f"evt_{lender.slug}")
    drain(house, "payments")
    drain(house, "payments")
    mine = [more for lender_id, more in done if lender_id == lender.lender_id]
    assert mine == [{"source": "stripe", "outside_id": f"evt_{lender.slug}", "now": build.NOW}]
    assert jobs_of(database_urls, "record_payment") == []


def test_a_job_that_fails_comes_again_later(house, work, database_urls, monkeypatch):
    worker.load_tasks()
    from portal.jobs import payments

    def fail(work, **more):
        raise RuntimeError("the provider is away")

    monkeypatch.setattr(payments, "act", fail)
    with work.begin() as tx:
        jobs.defer(tx, "record_payment", queue="payments", source="stripe", outside_id="evt_f")
    drain(house, "payments")
    assert jobs_of(database_urls, "record_payment") == [("todo", 1)]
    with psycopg.connect(database_urls["app"]) as connection:
        connection.execute("DELETE FROM procrastinate.procrastinate_jobs WHERE task_name = 'record_payment'")


def test_a_job_whose_worker_died_is_put_back(house, work, lender, database_urls):
    task = f"test.{lender.slug}"
    with work.begin() as tx:
        job = jobs.defer(tx, task, queue="upkeep")
    with psycopg.connect(database_urls["app"]) as connection:
        connection.execute(
            "UPDATE procrastinate.procrastinate_jobs SET status = 'doing' WHERE id = %s", [job]
        )
    assert run(house, lambda: sweepers.retry_stalled(seconds=0)) >= 1
    assert jobs_of(database_urls, task)[0][0] == "todo"
    assert run(house, lambda: sweepers.retry_stalled(seconds=0)) == 0


def test_a_kept_notice_without_a_job_is_found(house, work, lender, monkeypatch):
    done = []
    monkeypatch.setattr(sweepers, "record_payment", lambda _work, **more: done.append(more["outside_id"]))
    with work.begin() as tx:
        inbox.keep(tx, source="stripe", outside_id="evt_lost", body=NOTICE, now=build.NOW)
    assert sweepers.sweep_inbox_of(house, lender.lender_id) == 1
    assert done == ["evt_lost"]


def test_one_notice_that_fails_does_not_keep_the_others(house, work, lender, monkeypatch):
    done = []

    def act(work, *, outside_id, **more):
        if outside_id == "evt_1":
            raise ValueError
        done.append(outside_id)

    monkeypatch.setattr(sweepers, "record_payment", act)
    with work.begin() as tx:
        for number in (1, 2):
            inbox.keep(tx, source="stripe", outside_id=f"evt_{number}", body=NOTICE, now=build.NOW)
    assert sweepers.sweep_inbox_of(house, lender.lender_id) == 2
    assert done == ["evt_2"]


@pytest.mark.parametrize("module", ["portal.jobs.worker", "portal.jobs.deliveries"])
def test_a_process_starts_and_ends_when_it_is_told(module, database_urls, work, lender):
    with honest_receiver(SECRET) as receiver:
        environ = environment(database_urls, receiver.host) | {"PATH": "/usr/bin:/bin"}
        an_endpoint(work, receiver.url)
        tell_house(work, now=WallClock().now())
        with work.begin() as tx:
            jobs.defer(tx, "record_payment", queue="payments", source="stripe", outside_id="evt_none")
        process = subprocess.Popen([sys.executable, "-m", module], env=environ, stderr=subprocess.PIPE)
        try:
            if module == "portal.jobs.worker":
                wait_until(lambda: not jobs_of(database_urls, "record_payment"), seconds=40)
            else:
                wait_until(lambda: receiver.got, seconds=40)
            process.send_signal(signal.SIGTERM)
            assert process.wait(25) == 0, process.stderr.read()
        finally:
            process.kill()
            process.wait()
            process.stderr.close()
    with psycopg.connect(database_urls["app"]) as connection:
        connection.execute("DELETE FROM procrastinate.procrastinate_jobs WHERE task_name = 'record_payment'")


def test_every_job_that_an_action_puts_in_has_a_task():
    """A job without a task would fail as soon as a worker takes it."""
    worker.load_tasks()
    found = {"warn_endpoint"}
    for file in (ROOT / "portal").rglob("*.py"):
        found |= set(re.findall(r'defer\(\s*\w+,\s*"(\w+)"', file.read_text()))
    assert len(found) > 3
    assert found <= set(app.tasks)


HANGING = """
import asyncio, os, signal, sys, threading, time
from portal.jobs import worker
worker.END_SECONDS_MAX = 0.5

async def serve(house):
    lane = asyncio.ensure_future(asyncio.to_thread(time.sleep, 60))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker._end, lane)
    os.kill(os.getpid(), signal.SIGTERM)
    await lane

worker.serve = serve
sys.exit(worker.main())
"""


def test_a_worker_whose_job_hangs_ends_all_the_same(database_urls):
    """A thread can't be cancelled: one that waits for a database that is gone would hold the process for minutes."""
    words = [sys.executable, "-c", HANGING]
    ended = subprocess.run(
        words, env=environment(database_urls), timeout=30, capture_output=True, check=False, cwd=ROOT
    )
    assert ended.returncode == 1, ended.stderr

import psycopg
import pytest

from portal.store import jobs
from tests import build


def waiting(urls, task):
    with psycopg.connect(urls["app"]) as connection:
        rows = connection.execute(
            "SELECT queue_name, lock, queueing_lock, args, scheduled_at FROM procrastinate.procrastinate_jobs"
            " WHERE task_name = %s ORDER BY id",
            [task],
        )
        return rows.fetchall()


def test_a_job_commits_with_its_transaction(work, lender, database_urls):
    task = f"test.{lender.slug}"
    with work.begin() as tx:
        assert jobs.defer(tx, task, queue="upkeep", payment="pay_1") > 0
        assert waiting(database_urls, task) == []
    assert waiting(database_urls, task) == [
        ("upkeep", None, None, {"lender_id": lender.lender_id, "payment": "pay_1"}, None)
    ]


def test_a_job_goes_with_its_transaction(work, lender, database_urls):
    task = f"test.{lender.slug}"

    def fail():
        with work.begin() as tx:
            jobs.defer(tx, task, queue="upkeep")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert waiting(database_urls, task) == []


def test_once_is_never_waiting_twice_and_the_transaction_stays_whole(work, lender, database_urls):
    task = f"test.{lender.slug}"
    with work.begin() as tx:
        assert jobs.defer(tx, task, queue="upkeep", once=task, lock="one", not_before=build.NOW) is not None
        assert jobs.defer(tx, task, queue="upkeep", once=task) is None
        assert jobs.defer(tx, task, queue="upkeep") is not None
    found = waiting(database_urls, task)
    assert [row[2] for row in found] == [task, None]
    assert (found[0][1], found[0][4]) == ("one", build.NOW)


def test_a_shared_transaction_can_put_a_job_in(database, lender, database_urls):
    task = f"test.shared.{lender.slug}"
    with database.shared().begin() as tx:
        jobs.defer(tx, task, queue="upkeep", file="a.csv")
    assert waiting(database_urls, task)[0][3] == {"file": "a.csv"}


def test_installing_twice_is_once(database_urls):
    def count():
        with psycopg.connect(database_urls["owner"]) as connection:
            return connection.execute(
                "SELECT count(*), min(proconfig::text) FROM pg_proc"
                " WHERE pronamespace = 'procrastinate'::regnamespace AND proconfig IS NOT NULL"
            ).fetchone()

    before = count()
    jobs.install(database_urls["owner"])
    assert count() == before
    assert before[0] >= 18
    assert before[1] == '{"search_path=procrastinate, pg_temp"}'


def test_an_older_version_runs_only_the_steps_after_it():
    assert len(jobs._scripts(None)) == 1
    assert jobs._scripts("99.0.0") == []
    steps = jobs._scripts("3.2.0")
    assert len(steps) == 3
    assert "fetch_job" in steps[0]

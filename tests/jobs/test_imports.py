"""The job reads a kept file in the bulk role; without the role it says so and leaves the file."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.imports.queue_import import queue_import
from portal.core.actors import SYSTEM
from portal.core.imports.files import Options
from portal.gateways.clock import FrozenClock
from portal.jobs.house import House
from portal.jobs.imports import forget_old_files_of, import_kept
from portal.settings import Settings
from portal.store import import_files, imports
from tests import build
from tests.actions.accounts.files import a_file, a_row
from tests.jobs.killing import environment


@pytest.fixture
def house(database, database_urls):
    settings = Settings.from_environment(
        environment(database_urls) | {"PORTAL_BULK_DATABASE_URL": database_urls["bulk"]}
    )
    return House(settings=settings, database=database, clock=FrozenClock(build.NOW))


@pytest.fixture
def import_id(work):
    file = io.BytesIO(a_file(a_row(1)))
    return queue_import(work, file=file, name="a.csv", options=Options(), actor=SYSTEM, now=build.NOW)


def state(work, import_id):
    with work.read() as tx:
        return imports.find_import(tx, import_id=import_id).state


def test_a_kept_file_is_read_twice_as_once(house, work, import_id):
    for _ in range(2):
        import_kept(house, lender_id=work.lender_id, import_id=import_id)
        assert state(work, import_id) == "finished"
    assert [row.type for row in build.events_of(work)] == ["import.finished"]


def test_without_the_bulk_role_the_file_waits(house, work, import_id):
    poor = replace(house, settings=replace(house.settings, bulk_database_url=None))
    import_kept(poor, lender_id=work.lender_id, import_id=import_id)
    assert state(work, import_id) == "waiting"


def test_a_file_that_nobody_confirms_is_forgotten_after_a_week(house, work):
    file = io.BytesIO(a_file(a_row(1)))
    look = Options(is_dry_run=True)
    looked = queue_import(work, file=file, name="a.csv", options=look, actor=SYSTEM, now=build.NOW)
    import_kept(house, lender_id=work.lender_id, import_id=looked)
    assert forget_old_files_of(house, work.lender_id) == 0
    later = replace(house, clock=FrozenClock(build.NOW + timedelta(days=8)))
    assert forget_old_files_of(later, work.lender_id) == 1
    assert forget_old_files_of(later, work.lender_id) == 0
    with work.begin() as tx:
        assert not import_files.is_kept(tx, import_id=looked)

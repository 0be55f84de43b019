"""Fixtures of the whole suite: a database per worker, a fresh lender per test (tenancy is the isolation)."""

import os

import pytest

from portal.cli.checks import test_server
from portal.gateways.clock import FrozenClock
from tests import build
from tests.databases import migrated_database, opened_database
from tests.quick_apps import compile_once

compile_once()


@pytest.fixture(scope="session")
def server_url():
    """Give the superuser's address of a server: the one that ./portal.sh test started, or one for this run alone."""
    if "PORTAL_TEST_SERVER" not in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("workers need one server for all of them: run ./portal.sh test")
    with test_server(os.environ) as url:
        yield url


@pytest.fixture(scope="session")
def database_urls(server_url):
    """Make one migrated database for this worker; gives the addresses of its roles and drops it at the end."""
    with migrated_database(server_url) as urls:
        yield urls


@pytest.fixture(scope="session")
def database(database_urls):
    """The product's own pool, as the app role."""
    with opened_database(database_urls) as opened:
        yield opened


@pytest.fixture
def clock():
    return FrozenClock(build.NOW)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def lender(database):
    """A fresh lender with one creditor and bounds in force: its rows are this test's own world."""
    return build.a_lender(database)


@pytest.fixture
def work(database, lender):
    return database.work(lender.lender_id)

"""Fixtures of the whole suite: a database per worker, a fresh lender per test (tenancy is the isolation)."""

import os
import secrets

import pytest
from sqlalchemy import create_engine, text

from portal.cli.checks import test_server
from portal.gateways.clock import FrozenClock
from portal.gateways.ids import new_id
from portal.store.schema import upgrade
from portal.store.work import open_database
from tests import build

ROLES = {"portal_owner": "", "portal_app": "", "portal_bulk": "BYPASSRLS"}


@pytest.fixture(scope="session")
def server_url():
    """Give the superuser's address of a server: the one that ./portal.sh test started, or one for this run alone."""
    if "PORTAL_TEST_SERVER" not in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("workers need one server for all of them: run ./portal.sh test")
    with test_server(os.environ) as url:
        yield url.replace("postgresql://", "postgresql+psycopg://", 1)


def _address(url: str, *, database: str, role: str | None = None) -> str:
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    head, _, host = plain.removeprefix("postgresql://").rpartition("@")
    login = f"{role}:{role}" if role else head
    return f"postgresql://{login}@{host.split('/')[0]}/{database}"


@pytest.fixture(scope="session")
def database_urls(server_url):
    """Make one migrated database for this worker; gives the addresses of its roles and drops it at the end."""
    server = server_url
    name = f"portal_test_{secrets.token_hex(6)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for role, rights in ROLES.items():
            known = connection.execute(
                text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}
            ).scalar()
            if not known:
                try:
                    connection.execute(text(f"CREATE ROLE {role} LOGIN {rights} PASSWORD '{role}'"))
                except Exception:  # noqa: BLE001 - another worker was faster
                    connection.rollback()
        connection.execute(text(f"CREATE DATABASE {name} OWNER portal_owner"))
    urls = {role.removeprefix("portal_"): _address(server, database=name, role=role) for role in ROLES}
    upgrade(urls["owner"])
    yield urls
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def database(database_urls):
    """The product's own pool, as the app role."""
    opened = open_database(url=database_urls["app"], master_key=build.MASTER_KEY, new_id=new_id, pool_size=4)
    yield opened
    opened.engine.dispose()


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

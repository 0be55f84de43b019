"""Fixtures of the whole suite: a database per worker, a fresh lender per test (tenancy is the isolation)."""

import os
import secrets
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from portal.gateways.clock import FrozenClock
from portal.gateways.ids import new_id
from portal.store.schema import upgrade
from portal.store.work import open_database
from tests import build

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
ROLES = {"portal_owner": "", "portal_app": "", "portal_bulk": "BYPASSRLS"}


def _server() -> str:
    url = os.environ.get("PORTAL_TEST_SERVER")
    if not url:
        pytest.skip("PORTAL_TEST_SERVER is not set: run the tests by ./portal.sh test")
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _address(url: str, *, database: str, role: str | None = None) -> str:
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    head, _, host = plain.removeprefix("postgresql://").rpartition("@")
    login = f"{role}:{role}" if role else head
    return f"postgresql://{login}@{host.split('/')[0]}/{database}"


@pytest.fixture(scope="session")
def database_urls():
    """Make one migrated database for this worker; gives the addresses of its roles and drops it at the end."""
    server = _server()
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

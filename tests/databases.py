"""A migrated database on a server, thrown away afterwards."""

import secrets
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from portal.gateways.ids import new_id
from portal.store.schema import upgrade
from portal.store.work import open_database
from tests import build

ROLES = {"portal_owner": "", "portal_app": "", "portal_bulk": "BYPASSRLS"}


@contextmanager
def migrated_database(server):
    """Give the addresses of the roles of one fresh database: {"owner": …, "app": …, "bulk": …}."""
    with empty_database(server) as urls:
        upgrade(urls["owner"])
        yield urls


@contextmanager
def opened_database(urls):
    """Give the product's own pool over a database, as the app role."""
    opened = open_database(url=urls["app"], master_key=build.MASTER_KEY, new_id=new_id, pool_size=4)
    yield opened
    opened.engine.dispose()


@contextmanager
def empty_database(server):
    """Give the addresses of the roles of one database without a schema."""
    name = f"portal_test_{secrets.token_hex(6)}"
    admin = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    try:
        with admin.connect() as connection:
            _make_roles(connection)
            connection.execute(text(f"CREATE DATABASE {name} OWNER portal_owner"))
        yield {role.removeprefix("portal_"): _address(server, database=name, role=role) for role in ROLES}
    finally:
        admin.dispose()  # a server that was killed meanwhile has cut what the pool holds
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()


def _make_roles(connection):
    known = set(connection.execute(text("SELECT rolname FROM pg_roles")).scalars())
    for role, rights in ROLES.items():
        if role in known:
            continue
        try:
            connection.execute(text(f"CREATE ROLE {role} LOGIN {rights} PASSWORD '{role}'"))
        except Exception:  # noqa: BLE001 - another worker was faster
            connection.rollback()


def _address(server, *, database, role):
    host = server.rpartition("@")[2].split("/")[0]
    return f"postgresql://{role}:{role}@{host}/{database}"

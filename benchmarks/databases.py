"""A migrated database for one benchmark, thrown away afterwards."""

import os
import secrets
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from portal.gateways.ids import new_id
from portal.store.schema import upgrade
from portal.store.work import open_database

MASTER_KEY = b"test-only-master-key-32-bytes-ok"
ROLES = {"portal_owner": "", "portal_app": "", "portal_bulk": "BYPASSRLS"}


@contextmanager
def migrated():
    """Give the pools of the app role and of the bulk role over a fresh database on PORTAL_TEST_SERVER."""
    server = os.environ["PORTAL_TEST_SERVER"]
    login, _, place = server.removeprefix("postgresql://").rpartition("@")
    host = place.split("/")[0]
    name = f"portal_bench_{secrets.token_hex(4)}"
    admin = create_engine(f"postgresql+psycopg://{login}@{place}", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        known = set(connection.execute(text("SELECT rolname FROM pg_roles")).scalars())
        for role, rights in ROLES.items():
            if role not in known:
                connection.execute(text(f"CREATE ROLE {role} LOGIN {rights} PASSWORD '{role}'"))
        connection.execute(text(f"CREATE DATABASE {name} OWNER portal_owner"))
    urls = {role: f"postgresql://{role}:{role}@{host}/{name}" for role in ROLES}
    pools = []
    try:
        upgrade(urls["portal_owner"])
        app, bulk = (
            open_database(url=urls[role], master_key=MASTER_KEY, new_id=new_id, pool_size=2)
            for role in ("portal_app", "portal_bulk")
        )
        pools += [app, bulk]
        yield app, bulk
    finally:
        for pool in pools:
            pool.engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()

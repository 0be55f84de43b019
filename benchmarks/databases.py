"""A migrated database for one benchmark, thrown away afterwards."""

import os
from contextlib import contextmanager

from portal.cli.checks import test_server
from portal.gateways.ids import new_id
from portal.store.work import open_database
from tests.build import MASTER_KEY
from tests.databases import migrated_database


@contextmanager
def migrated():
    """Give the pools of the app role and of the bulk role over a fresh database on a server as the tests have it."""
    with migrated_with_owner() as (app, bulk, _owner):
        yield app, bulk


@contextmanager
def migrated_with_owner():
    """Give the pool of the owner too, whose statistics the planner goes by: nobody else's ANALYZE counts."""
    with test_server(os.environ) as server, migrated_database(server) as urls:
        pools = [
            open_database(url=urls[role], master_key=MASTER_KEY, new_id=new_id, pool_size=2)
            for role in ("app", "bulk", "owner")
        ]
        try:
            yield tuple(pools)
        finally:
            for pool in pools:
                pool.engine.dispose()

"""Jobs go through all lenders: a database of their own spares them the thousands that other tests have made."""

import pytest

from tests.databases import migrated_database, opened_database


@pytest.fixture(scope="package")
def database_urls(server_url):
    with migrated_database(server_url) as urls:
        yield urls


@pytest.fixture(scope="package")
def database(database_urls):
    with opened_database(database_urls) as opened:
        yield opened

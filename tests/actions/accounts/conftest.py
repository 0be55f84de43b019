import pytest

from portal.gateways.ids import new_id
from portal.store.work import open_database
from tests import build
from tests.actions.chain import a_chain
from tests.actions.door import Door


@pytest.fixture
def door(work, lender):
    return Door(work=work, creditor_id=lender.creditor_id)


@pytest.fixture(scope="session")
def bulk_database(database_urls):
    opened = open_database(url=database_urls["bulk"], master_key=build.MASTER_KEY, new_id=new_id, pool_size=4)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def bulk(bulk_database, lender):
    return bulk_database.work(lender.lender_id)


@pytest.fixture
def chain(work, lender):
    """AC-1: an account whose debtor can plan."""
    return a_chain(work, lender, account_ref="AC-1")

"""One app and two towns for the walkers of routes."""

import pytest

from portal.gateways.clock import FrozenClock
from portal.settings import Settings
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.actions.chain import PageGateway
from tests.house.town import Town


@pytest.fixture(scope="package")
def house_app(database_urls, database):
    settings = Settings.from_environment(
        {
            "PORTAL_ENV": "test",
            "DATABASE_URL": database_urls["app"],
            "PORTAL_BULK_DATABASE_URL": database_urls["bulk"],
        }
    )
    made = create_app(
        Services(settings=settings, database=database, clock=FrozenClock(build.NOW), stripe=PageGateway())
    )
    made.testing = True
    yield made
    opened = made.extensions.get("portal_bulk")
    if opened is not None:
        opened.engine.dispose()


@pytest.fixture(scope="module")
def town(database):
    return Town(database)


@pytest.fixture(scope="module")
def elsewhere(database):
    return Town(database)

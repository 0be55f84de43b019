"""A rig for all journeys, a browser, and a phone in the hand of a person."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.databases import migrated_database
from tests.journeys.desk import Desk
from tests.journeys.people import a_person, found_house
from tests.journeys.phone import Phone
from tests.journeys.rig import running

CHROMIUM = os.environ.get("PORTAL_CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items):
    no_browser = pytest.mark.skip(
        reason="no Chromium on this machine: set PORTAL_CHROMIUM, or run ./portal.sh test"
    )
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            if not CHROMIUM:
                item.add_marker(no_browser)


@pytest.fixture(scope="session")
def rig(server_url, tmp_path_factory):
    """The whole product in real processes, with its lender."""
    with (
        migrated_database(server_url) as urls,
        running(urls, tmp_path_factory.mktemp("logs")) as started,
    ):
        found_house(started)
        yield started


@pytest.fixture(scope="module")
def browser():
    """A browser for one file of stories: Playwright holds the event loop, which other tests of this worker need."""
    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def person(rig):
    """Make a debtor: person("th"), person(principal_minor=…)."""
    return lambda language="en", **account: a_person(rig, language=language, **account)


@pytest.fixture
def phone(rig, browser):
    """Hand a phone to a person; what the browser complains about makes the test fail."""
    phones = []

    def given(holder, **options):
        phones.append(Phone(browser, rig, holder, **options))
        return phones[-1]

    yield given
    for one in phones:
        one.put_away()
    assert [complaint for one in phones for complaint in one.complaints] == []


@pytest.fixture
def desk(rig, browser):
    """Seat somebody at a desk: desk("lender", "agent@northwind.example")."""
    desks = []

    def seated(audience, login):
        desks.append(Desk(browser, rig))
        return desks[-1].signs_in(audience, login)

    yield seated
    for one in desks:
        one.put_away()
    assert [complaint for one in desks for complaint in one.complaints] == []

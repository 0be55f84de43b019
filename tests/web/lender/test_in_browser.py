"""The console in a real browser: nobody is shut out, nothing scrolls sideways, the preview works with scripts."""

import os
import shutil
import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests.axe import LAWS, faults_of
from tests.web.lender.test_rooms import ROOMS, filled

CHROMIUM = os.environ.get("PORTAL_CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def site(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def console(world, client, site, browser):
    """Give a signed-in browser: console(width, scheme)."""
    world.sign_in(client, "owner", "rules", "agent", "supervisor")
    cookie = client.get_cookie("portal").value
    contexts, complaints = [], []

    def opened(width=1280, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        context.add_cookies([{"name": "portal", "value": cookie, "url": site}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    opened.site = site
    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_nobody_is_shut_out(world, console, width, scheme):
    page = console(width, scheme)
    pages = [path for path in filled(world) if not path.endswith(".csv")]  # a file is no page
    for path in ["/lender/sign-in", *ROOMS, *pages]:
        page.goto(console.site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert faults_of(page, runOnly=LAWS) == [], path


def test_the_preview_comes_without_leaving_the_form(world, console):
    draft = world.draft()
    page = console()
    page.goto(f"{console.site}/lender/bounds/{draft}/edit")
    page.fill("#families-installment-months_max", "72")
    page.fill("#account", world.account.account_ref)
    page.click("text=Show")
    expect(page.locator("#preview .say").first).to_contain_text("You pay")
    expect(page.locator("#families-installment-months_max")).to_have_value("72")


def test_another_payment_is_looked_for_in_place(world, console):
    from_world = world.hand_off()
    page = console()
    page.goto(f"{console.site}/lender/cases/{from_world.handoff_id}")
    page.fill("#words", "kept")
    page.fill("#pay", "90")
    page.click("text=Look for it")
    expect(page.locator("#counter .say").first).to_contain_text("You pay")
    expect(page.locator("#words")).to_have_value("kept")

"""The look in a real browser at phone size: no scripts needed, nothing refused by the policy, nobody shut out."""

import os
import shutil
import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from portal.store import sessions
from tests.axe import faults_of

CHROMIUM = os.environ.get("PORTAL_CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAGES = ["/", "/is-this-real", "/language", "/nope", "/_gallery", "/_gallery/desk"]
WIDTH = "document.documentElement.scrollWidth"
SMALL_TARGETS = """() =>
  [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
  .filter(e => e.offsetParent && !e.closest('.hide, .skip, [hidden]'))
  .map(e => { const t = e.closest('label') || e; const r = t.getBoundingClientRect();
              return [Math.round(r.width), Math.round(r.height), (e.textContent || e.name).trim().slice(0, 30)]; })
  .filter(([w, h]) => w < 44 || h < 44)"""
STRETCH = """() => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); let n;
  while ((n = walk.nextNode())) { const t = n.data.trim();
    if (t && !n.parentElement.closest('bdi, svg, .beads, script, style')) {
      const more = t.length <= 20 ? 2.3 : 1.5;
      n.data = (t + ' ' + t + ' ' + t).slice(0, Math.ceil(t.length * more));
    } } }"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def tools():
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(tools):
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
def open_page(browser, site):
    """Open a page of the site; console complaints make the test fail at its end."""
    contexts, complaints = [], []

    def opened(path, *, width=360, language=None, **options):
        context = browser.new_context(viewport={"width": width, "height": 640}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site}{path}" + (f"?l={language}" if language else ""))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_shut_out(open_page, path, language, scheme):
    page = open_page(path, language=language, color_scheme=scheme)
    assert faults_of(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_it_fits_a_small_phone_and_long_words(open_page, path):
    page = open_page(path, width=320)
    assert page.evaluate(WIDTH) <= 320
    page.evaluate(STRETCH)
    assert page.evaluate(WIDTH) <= 320, "with longer words"


def test_it_fits_with_text_twice_as_large(tools, site):
    large = tools.chromium.launch(
        executable_path=CHROMIUM, args=[*FLAGS, "--blink-settings=defaultFontSize=32"]
    )
    page = large.new_page(viewport={"width": 360, "height": 640})
    widths = {}
    for path in PAGES:
        page.goto(f"{site}{path}")
        widths[path] = page.evaluate(WIDTH)
    large.close()
    assert {path: width for path, width in widths.items() if width > 360} == {}


@pytest.mark.parametrize("path", PAGES)
def test_targets_are_large(open_page, path):
    assert open_page(path).evaluate(SMALL_TARGETS) == []


def first_figure(page):
    return page.locator("#answer .say strong").first


def test_the_dial_with_scripts(open_page):
    page = open_page("/_gallery")
    expect(first_figure(page)).to_have_text("$60.00")
    page.click("#pay-more")
    expect(first_figure(page)).to_have_text("$65.00")
    assert page.input_value("#pay") == "65.00"
    assert page.evaluate("document.activeElement.id") == "pay-more"
    assert "$65.00" in page.locator("#said").inner_text()
    page.locator("#pay-slide").fill("100")
    expect(first_figure(page)).to_have_text("$100.00")
    page.fill("#pay", "72.50")
    assert page.input_value("#pay-slide") in ("70", "75", "70.00", "75.00")
    page.press("#pay", "Enter")
    expect(first_figure(page)).to_have_text("$72.50")
    page.fill("#pay", "a lot")
    page.press("#pay", "Enter")
    page.wait_for_selector("#pay-e")
    assert page.input_value("#pay") == "a lot"


def test_the_dial_keeps_step_before_any_answer(open_page):
    page = open_page("/_gallery")
    page.evaluate("document.getElementById('pay-slide').value = 80")
    page.dispatch_event("#pay-slide", "input")
    assert page.input_value("#pay") == "80.00"


def test_the_dial_without_scripts(open_page):
    page = open_page("/_gallery", java_script_enabled=False)
    page.click("#pay-less")
    expect(first_figure(page)).to_have_text("$55.00")
    page.fill("#pay", "120")
    page.click("text=Show me this amount")
    expect(first_figure(page)).to_have_text("$120.00")


def test_errors_take_the_focus(open_page):
    page = open_page("/_gallery")
    page.click("form.flow .btn")
    page.wait_for_selector("#errors")
    assert page.evaluate("document.activeElement.id") == "errors"
    assert page.title().startswith("Error: ")
    page.click("#errors a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "full_name"


def test_an_answer_that_does_not_arrive_is_said(open_page):
    page = open_page("/_gallery")
    page.route("**/_gallery/answer", lambda route: route.abort())
    page.click("#pay-more")
    page.wait_for_selector("#not-arrived:not([hidden])")
    assert page.input_value("#pay") == "60.00"
    page.click("#not-arrived button")
    assert page.locator("#not-arrived").is_hidden()


def test_a_visit_warns_before_it_ends_and_one_tap_goes_on(open_page, app, work, clock, site):
    with work.begin() as tx:
        token = sessions.start_session(tx, kind="debtor", subject_id=tx.new_id(), now=clock.now())
    cookie = app.session_interface.get_signing_serializer(app).dumps({"visits": {"debtor": token}})
    page = open_page("/left")
    page.context.add_cookies([{"name": "portal", "value": cookie, "url": site}])
    page.clock.install()
    page.goto(f"{site}/_gallery")
    assert page.locator("#idle").is_hidden()
    page.clock.fast_forward(13 * 60 * 1000)
    expect(page.locator("#idle")).to_be_visible()
    assert page.evaluate("document.activeElement.innerText") == "I am still here"
    page.keyboard.press("Enter")
    expect(page.locator("#idle")).to_be_hidden()

"""`portal screenshots DIR`: every screen, as people meet it, out of a seeded demo that is made for it and thrown away.

The phone walks through the whole first visit in three languages; the desks are photographed after it, so that there is
something to see on them. STEPS and DESKS are data: a new screen is one line.
"""

import os
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import pyotp

from portal.cli.demo_accounts import demo_rows
from portal.cli.demo_guests import COUNSELOR, TRAINER
from portal.cli.demo_secrets import PASSWORD, demo_totp
from portal.cli.environment import DEMO_LENDER
from portal.cli.postgres import DatabaseError
from portal.cli.studio import Studio, open_studio
from portal.cli.supervisor import ChildError

try:
    from playwright.sync_api import sync_playwright
except ImportError:  # the extra `e2e` is not installed
    sync_playwright = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 900}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
#: Language -> the demo account whose debtor reads it and got a text.
PEOPLE = {"en": "GB-7001", "th": "TH-4001", "ar": "GB-7031"}


class Step(NamedTuple):
    """One picture: its name, and how to come there: `go` to an address, `tap` something, or `fill` boxes first."""

    name: str
    go: str = ""
    tap: str = ""
    fill: Sequence[tuple[str, str]] = ()


STEPS = (
    Step("01-text-message", go="{inbox}/phones/{phone}"),
    Step("02-landing", tap="p.sms a[href*='/l/']"),
    Step("03-verify", tap="main form button:not([name])"),
    Step(
        "04-rights",
        tap="main form button",
        fill=(("#born-day", "{day}"), ("[name=born-month]", "{month}"), ("[name=born-year]", "{year}")),
    ),
    Step("05-balance", tap="main a.btn[href='/me']"),
    Step("06-what-would-help", go="{account}/help"),
    Step("07-spread-it", go="{account}/plan?kind=installment"),
    Step("08-new-terms", go="{account}/plan?kind=restructure"),
    Step("09-with-a-course", go="{account}/plan?kind=skills"),
    Step("10-side-by-side", tap="form[action$='/offers'] button"),
    Step("11-ask-for-less", go="{account}/ask"),
    Step("12-the-answer", tap="form[action$='/ask'] button.btn", fill=(("#amount", "10"),)),
    Step("13-budget", go="{account}/budget"),
    Step("14-pause", go="{account}/pause"),
    Step("15-something-wrong", go="{account}/wrong"),
    Step("16-talk", go="{account}/talk"),
    Step("17-free-help", go="/free-help"),
    Step("18-cannot-pay", go="/cannot-pay"),
    Step("19-settings", go="/me/settings"),
    Step("20-helpers", go="/me/helpers/new"),
    Step("21-plan-again", go="{account}/plan?kind=skills"),
    Step("22-agreement", tap="button[formaction$='/plan/choose']"),
    Step("23-sign", tap="#how button.btn", fill=(("#records", "tick"),)),
    Step(
        "24-signed", tap="form[action$='/sign'] button.btn", fill=(("#name", "{name}"), ("#agreed", "tick"))
    ),
    Step("25-pay", tap="main a.btn[href$='/pay']"),
    Step(
        "26-payment-page", tap="form[action$='/pay'] button.btn", fill=(("input[value=installment]", "tick"),)
    ),
    Step("27-receipt", tap="button[name=test][value^='4242']"),
    Step("28-home", go="{account}/home"),
    Step("29-course", go="{account}/course"),
    Step("30-papers", go="/me/papers"),
    Step("31-answers", go="/me/answers"),
    Step("32-complaint", go="/me/complaint"),
    Step("33-history", go="{account}/history"),
    Step("34-one-payment", go="{account}/payments/2"),
    Step("35-calendar", go="{account}/calendar"),
    Step("36-by-itself", go="{account}/autopay"),
    Step("37-a-code-for-a-helper", go="{account}/gift"),
    Step("38-life-changed", go="{account}/changed"),
    Step("39-two-languages", go="{agreement}/beside"),
    Step("40-changed-my-mind", go="{agreement}/withdraw"),
    Step("41-is-it-genuine", go="/check"),
    Step("42-letters", go="/me/papers"),
    Step("43-a-letter", tap="button[name=kind][value=statement]"),
    Step("44-change-the-plan", go="{account}/change"),
    Step("45-before-and-after", tap="form:has([value=pause]) button.btn"),
    Step("46-another-currency", go="{account}/pay"),
    Step(
        "47-its-price",
        tap="form[action$='/pay'] button.btn",
        fill=(("input[value=installment]", "tick"), ("input[value=EUR]", "tick")),
    ),
    Step("48-link-gone", go="/l/nothing-of-the-kind-was-ever-sent"),
)
DESKS = {
    ("lender", "owner@northwind.example"): (
        "/lender/", "/lender/accounts", "/lender/accounts/*", "/lender/cases", "/lender/inbox", "/lender/bounds",
        "/lender/bounds/*", "/lender/approvals", "/lender/imports", "/lender/books", "/lender/books/unmatched",
        "/lender/reconciliation", "/lender/payments", "/lender/refunds", "/lender/letterhead", "/lender/retention",
        "/lender/keys", "/lender/webhooks", "/lender/webhooks/*", "/lender/events", "/lender/people", "/api/",
    ),
    ("counselor", COUNSELOR): ("/counselor/", "/counselor/add"),
    ("trainer", TRAINER): ("/trainer/", "/trainer/courses"),
}  # fmt: skip
WAITS_MAX = 40
#: The picture of the README.
STRIP = ("01-text-message", "05-balance", "07-spread-it", "22-agreement", "27-receipt")


def chromium() -> str:
    """Name the browser; raises ClickException when there is none."""
    found = os.environ.get("PORTAL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if sync_playwright is None:
        raise click.ClickException(
            "pictures need the extra `e2e`: run by ./portal.sh run -- portal screenshots DIR"
        )
    if not found:
        raise click.ClickException("no Chromium here: set PORTAL_CHROMIUM")
    return found


def walk(browser: "Browser", studio: Studio, language: str, folder: Path) -> None:
    """Go the debtor's whole way in one language, a picture at each step."""
    row = next(one for one in demo_rows(date.today()) if one["account_ref"] == PEOPLE[language])  # noqa: DTZ011 - only names
    born = date.fromisoformat(row["date_of_birth"])
    known = {
        "inbox": studio.urls["inbox"],
        "phone": row["phone"].lstrip("+"),
        "name": row["full_name"],
        "day": str(born.day),
        "month": str(born.month),
        "year": str(born.year),
        "account": "",
        "agreement": "",
    }
    page = browser.new_context(viewport=PHONE, device_scale_factor=2, locale=language).new_page()
    for step in STEPS:
        _take(page, studio, step, known)
        if step.name == "05-balance":
            _pick_account(page, folder / f"05-accounts-{language}.png")
            known["account"] = page.url.removeprefix(studio.urls["web"])
        if step.name == "24-signed":
            known["agreement"] = page.url.removeprefix(studio.urls["web"]).removesuffix("/done")
        page.screenshot(path=folder / f"{step.name}-{language}.png", full_page=True)
        if language == "en" and step.name in STRIP:
            page.screenshot(path=folder / f"first-view-{step.name}.png")
    page.context.close()


def _take(page: "Page", studio: Studio, step: Step, known: dict[str, str]) -> None:
    for box, text in step.fill:
        if text == "tick":
            page.check(box)
        else:
            page.fill(box, text.format(**known))
    if step.tap:
        with page.expect_navigation():
            page.locator(step.tap).first.click()
    else:
        address = step.go.format(**known)
        page.goto(address if address.startswith("http") else studio.urls["web"] + address)
    page.wait_for_load_state("load")
    if step.name == "27-receipt":
        _wait_for_money(page)


def _wait_for_money(page: "Page") -> None:
    """Look again until the worker has booked the payment."""
    for _ in range(WAITS_MAX):
        if not page.locator("form[action$='/check']").count():
            return
        page.wait_for_timeout(300)
        page.reload()


def _pick_account(page: "Page", picture: Path) -> None:
    """Somebody with several accounts sees their list first."""
    if page.url.endswith("/me"):
        page.screenshot(path=picture, full_page=True)
        with page.expect_navigation():
            page.locator("main a[href^='/me/accounts/']").first.click()


def visit_desk(browser: "Browser", studio: Studio, audience: str, login: str, folder: Path) -> None:
    """Sign in to one desk and photograph its rooms; `*` is the first thing of its kind on the list before."""
    page = browser.new_context(viewport=DESK, locale="en").new_page()
    web = studio.urls["web"]
    page.goto(f"{web}/{audience}/sign-in")
    page.screenshot(path=folder / f"desk-{audience}-sign-in.png", full_page=True)
    fields: dict[str, Any] = {
        "#password": PASSWORD,
        "#code": pyotp.TOTP(demo_totp(studio.master_key, login)).now(),
    }
    fields |= {"#lender": DEMO_LENDER, "#email": login} if audience == "lender" else {"#login": login}
    for box, text in fields.items():
        page.fill(box, text)
    with page.expect_navigation():
        page.locator("main form button.btn").click()
    for path in DESKS[(audience, login)]:
        if path.endswith("*"):
            link = page.locator(f"main a[href^='{path[:-1]}']").first
            page.goto(web + str(link.get_attribute("href")))
        else:
            page.goto(web + path)
        name = path.strip("/").replace("/", "-").replace("*", "one")
        page.screenshot(path=folder / f"desk-{name}.png", full_page=True)
    page.context.close()


def strip(browser: "Browser", folder: Path) -> None:
    """Set five first views side by side: the picture of the README."""
    page = browser.new_page(viewport={"width": 1600, "height": 560})
    images = "".join(f'<img src="{(folder / f"first-view-{name}.png").as_uri()}">' for name in STRIP)
    frame = folder / "strip.html"
    frame.write_text(
        "<style>body{margin:20px;display:flex;gap:20px;background:#e9e6df}"
        "img{width:276px;height:491px;object-fit:cover;object-position:top;border-radius:18px;"
        "border:6px solid #2b2a27}</style>" + images,
        encoding="utf-8",
    )
    page.goto(frame.as_uri())
    page.screenshot(path=folder / "phone.png", clip={"x": 0, "y": 0, "width": 1560, "height": 543})
    page.close()
    frame.unlink()
    for name in STRIP:
        (folder / f"first-view-{name}.png").unlink()


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--language", "languages", multiple=True, type=click.Choice(sorted(PEOPLE)), help="Only these languages."
)
def command(folder: Path, languages: Sequence[str]) -> None:
    """Photograph every screen of the demo into FOLDER."""
    browser_path = chromium()
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with open_studio() as studio, sync_playwright() as tools:
            browser = tools.chromium.launch(executable_path=browser_path, args=list(FLAGS))
            for language in languages or tuple(PEOPLE):
                click.echo(f"the phone, {language}", err=True)
                walk(browser, studio, language, folder)
            for audience, login in DESKS:
                click.echo(f"the desk, {audience}", err=True)
                visit_desk(browser, studio, audience, login, folder)
            if "en" in (languages or PEOPLE):
                strip(browser, folder)
            browser.close()
    except (DatabaseError, ChildError) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{len(list(folder.glob('*.png')))} pictures in {folder}", err=True)

"""Every screen of every party under axe, once from left to right and once from right to left, and narrow enough."""

import pytest

from portal.cli.demo_guests import COUNSELOR, TRAINER
from tests.axe import faults_of
from tests.journeys.phone import WIDTH


@pytest.fixture
def look():
    """Look at a page: what axe finds and whether it hangs out is collected, and told at the end."""
    faults = []

    def at(page, *, width=None):
        faults.extend((page.url, *fault) for fault in faults_of(page))
        if width and page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append((page.url, "wider than the screen"))

    yield at
    assert faults == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_debtors_screens(phone, person, look, language):
    holder = person(language)
    holder.gets_a_text()
    hand = phone(holder)
    hand.opens_messages().follows_the_link()
    look(hand.page, width=WIDTH)
    hand.goes_on()
    look(hand.page, width=WIDTH)
    hand.says_birthday()
    path = holder.account
    before = [
        "/me/rights",
        path,
        f"{path}/help",
        *(f"{path}/plan?kind={kind}" for kind in ("installment", "restructure")),
    ]
    before += [f"{path}/{one}" for one in ("ask", "budget", "pause", "talk", "wrong", "pay")]
    before += [
        "/free-help",
        "/cannot-pay",
        "/something-wrong",
        "/me/settings",
        "/me/complaint",
        "/me/helpers/new",
    ]
    for one in before:
        look(hand.go(one).page, width=WIDTH)
    hand.go(f"{path}/ask").type("#amount", "no number").tap("form[action$='/ask'] button.btn")
    look(hand.page, width=WIDTH)
    hand.type("#amount", "10").tap("form[action$='/ask'] button.btn")
    look(hand.page, width=WIDTH)
    hand.go(f"{path}/plan?kind=skills")
    look(hand.page, width=WIDTH)
    hand.tap("form[action$='/offers'] button")
    look(hand.page, width=WIDTH)
    hand.go(f"{path}/plan?kind=skills").takes_this_plan()
    look(hand.page, width=WIDTH)
    hand.goes_on_to_sign()
    look(hand.page, width=WIDTH)
    hand.signs()
    look(hand.page, width=WIDTH)
    for one in (f"{path}/home", f"{path}/course", "/me/papers", "/me/answers", "/me/helpers"):
        look(hand.go(one).page, width=WIDTH)


@pytest.mark.parametrize(
    ("audience", "login", "paths"),
    [
        ("lender", "owner@northwind.example", ["/lender/", "/lender/accounts", "/lender/cases", "/lender/inbox",
         "/lender/bounds", "/lender/webhooks", "/lender/events", "/lender/people", "/lender/password"]),
        ("counselor", COUNSELOR, ["/counselor/", "/counselor/add"]),
        ("trainer", TRAINER, ["/trainer/", "/trainer/courses"]),
    ],
)  # fmt: skip
def test_the_desks(desk, browser, rig, look, audience, login, paths):
    door = browser.new_page()
    door.goto(f"{rig.web}/{audience}/sign-in")
    look(door)
    door.close()
    seat = desk(audience, login)
    for path in paths:
        look(seat.go(path).page)
    if audience == "lender":
        for pattern in (
            r"^/lender/accounts/[0-9a-f-]{36}$",
            r"^/lender/bounds/[0-9a-f-]{36}$",
            r"^/lender/webhooks/[0-9a-f-]{36}$",
        ):
            seat.go(pattern.split("/")[0].replace("^", "") + "/" + "/".join(pattern.split("/")[1:3]))
            look(seat.go(seat.address_of(pattern)).page)


def test_axe_finds_a_planted_fault(browser):
    page = browser.new_page()
    page.set_content("<html><body><img src='x.png'><input></body></html>")
    assert {rule for rule, _ in faults_of(page)} >= {"image-alt", "label", "html-has-lang"}
    page.close()

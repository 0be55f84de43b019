"""A desk with a wide screen: staff of the lender, a counselor or a trainer, signed in with both factors."""

import re
import time

import pyotp

from portal.cli.demo_secrets import PASSWORD
from tests.journeys.people import totp_secret
from tests.journeys.phone import WAIT_MS
from tests.journeys.rig import SLUG

STEP_SECONDS = 30
_used = {}


class Desk:
    def __init__(self, browser, rig):
        self.rig = rig
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en")
        self.context.set_default_timeout(WAIT_MS)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on(
            "response",
            lambda got: self.complaints.append(f"{got.status} {got.url}") if got.status >= 500 else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def put_away(self):
        self.context.close()

    def signs_in(self, audience, login):
        """Type login, password and a code that was not used before."""
        self.go(f"/{audience}/sign-in")
        if audience == "lender":
            self.page.fill("#lender", SLUG)
            self.page.fill("#email", login)
        else:
            self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.fill("#code", self._fresh_code(login))
        return self.press(f"form[action='/{audience}/sign-in'] button.btn")

    def _fresh_code(self, login):
        """A code counts once: take that of the next half minute when this one's was used."""
        step = max(int(time.time()) // STEP_SECONDS, _used.get(login, 0) + 1)
        _used[login] = step
        return pyotp.TOTP(totp_secret(self.rig, login)).at(step * STEP_SECONDS)

    def go(self, path):
        answered = self.page.goto(self.rig.web + path)
        assert answered.status < 400, f"{answered.status} {path}"
        return self

    def press(self, what):
        with self.page.expect_navigation():
            self.page.locator(what).first.click()
        return self

    def fill(self, what, text):
        self.page.fill(what, text)
        return self

    @property
    def words(self):
        return " ".join(self.page.locator("main").inner_text().split())

    def address_of(self, pattern):
        """Give the first link of the page whose address fits a pattern."""
        links = self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        return next(link for link in links if re.search(pattern, link))

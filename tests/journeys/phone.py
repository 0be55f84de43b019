"""A phone of 360 x 640 in the hand of a debtor: its methods read as what the person does.

Every tap, every character typed and every screen is counted as it happens.
"""

import re
import time
from urllib.parse import urlsplit

from playwright.sync_api import expect

WIDTH, HEIGHT = 360, 640
WAIT_MS = 10_000


class Phone:
    def __init__(self, browser, rig, person, *, scripts=True, **options):
        self.rig, self.person, self.has_scripts = rig, person, scripts
        self.context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            has_touch=True,
            java_script_enabled=scripts,
            locale=person.language,
            **options,
        )
        self.context.set_default_timeout(WAIT_MS)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._look)
        self.taps, self.typed, self.screens = 0, 0, []

    def _hear(self, said):
        if said.type == "error" and ("Content Security" in said.text or "Uncaught" in said.text):
            self.complaints.append(said.text)

    def _look(self, response):
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

    def put_away(self):
        self.context.close()

    # ---- hands

    def tap(self, what):
        """Tap something and arrive at the page that it leads to."""
        with self.page.expect_navigation():
            self.touch(what)
        self._arrive()
        return self

    def touch(self, what):
        """Tap something that leads nowhere: a box, a tick."""
        self.page.locator(what).first.click()
        self.taps += 1
        return self

    def type(self, what, text):
        """Fill a box that the finger or the keyboard's "next" has reached."""
        self.page.locator(what).first.fill(text)
        self.typed += len(text)
        return self

    def press_next(self):
        self.typed += 1
        return self

    def press_go(self):
        """Send the form by the keyboard's own key."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.typed += 1
        self._arrive()
        return self

    def _arrive(self):
        self.page.wait_for_load_state("load" if self.has_scripts else "domcontentloaded")
        path = self.path
        if not self.screens or self.screens[-1] != path:
            self.screens.append(path)

    def go(self, path):
        self.page.goto(self.rig.web + path)
        return self

    # ---- eyes

    @property
    def path(self):
        return urlsplit(self.page.url).path

    @property
    def heading(self):
        return " ".join(self.page.locator("h1").inner_text().split())

    @property
    def words(self):
        return " ".join(self.page.locator("main").inner_text().split())

    def sees(self, words):
        expect(self.page.locator("main")).to_contain_text(words)
        return self

    def fits(self):
        """Nothing of the page hangs out at the side."""
        if self.has_scripts:
            assert self.page.evaluate("document.documentElement.scrollWidth") <= WIDTH, self.path
        return self

    # ---- from the text message to the balance

    def opens_messages(self):
        self.page.goto(f"{self.rig.urls['inbox']}/phones/{self.person.phone.lstrip('+')}")
        return self

    def follows_the_link(self):
        return self.tap("p.sms a[href*='/l/']").fits()

    def goes_on(self):
        return self.tap("main form button:not([name])")

    def says_birthday(self, *, year=None):
        born = self.person.born
        self.touch("#born-day").type("#born-day", str(born.day)).press_next()
        self.type("[name=born-month]", str(born.month)).press_next()
        return self.type("[name=born-year]", str(year or born.year)).press_go()

    def has_read_the_rights(self):
        return self.tap("main a.btn[href='/me']")

    def comes_in(self, **born):
        """From the messages to the balance, as everybody does the first time."""
        self.opens_messages().follows_the_link().goes_on().says_birthday(**born)
        return self.has_read_the_rights().fits()

    # ---- plans

    def wants_to_spread(self):
        return self.tap("main a[href$='plan?kind=installment']").fits()

    def looks_at(self, kind):
        return self.tap(f"nav.kinds a[href$='kind={kind}']").fits()

    @property
    def amount(self):
        return float(re.sub(r"[^\d.]", "", self.page.locator("#amount").input_value().replace(",", "")))

    def moves_the_dial(self, what="#amount-more"):
        """Press plus or minus; without scripts the page comes again."""
        before = self.amount
        self.touch(what)
        deadline = time.monotonic() + WAIT_MS / 1000
        while self.amount == before:
            assert time.monotonic() < deadline, "the dial did not move"
            time.sleep(0.05)
        return self

    def takes_this_plan(self):
        return self.tap("button[formaction$='/plan/choose']").fits()

    def goes_on_to_sign(self):
        """Agree to electronic papers; where the place asks for it, with the code that the text ends with."""
        self.touch("#records")
        codes = self.page.locator(".doc .reading")
        if not codes.count():
            return self.tap("#how button.btn").fits()
        (code,) = re.findall(r"\d{4}", codes.inner_text())
        return self.touch("#code").type("#code", code).press_go().fits()

    def signs(self):
        name = self.person.full_name
        return self.touch("#agreed").touch("#name").type("#name", name).press_go().fits()

    @property
    def agreement(self):
        return next(
            part for path in reversed(self.screens) for part in path.split("/") if part.startswith("agr_")
        )

    def fill_days(self, days):
        return self.type("#days", days)

    # ---- payments

    def pays_the_first_installment(self, card="4242424242424242"):
        self.tap("main a.btn[href$='/pay']").fits()
        self.touch("label.choice:has(input[value=installment])")
        self.tap("form[action$='/pay'] button.btn")
        assert self.page.url.startswith(self.rig.urls["stripe"]), self.page.url
        self.tap(f"button[name=test][value='{card}']")
        assert self.path.startswith("/me/payments/")
        return self.fits()

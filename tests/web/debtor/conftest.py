"""A debtor at the door with a browser: `phone` opens the link, answers, and reads pages as a person does."""

import re
from dataclasses import dataclass, field

import html5lib
import pytest

from portal.gateways.clock import FrozenClock
from portal.web.app import create_app
from portal.web.context import Services
from tests.actions.door import DAY, Door
from tests.web.conftest import LookingClient


@pytest.fixture
def clock():
    return FrozenClock(DAY)


@pytest.fixture
def door(work, lender):
    return Door(work=work, creditor_id=lender.creditor_id)


@pytest.fixture
def app(settings, database, clock, door):
    made = create_app(Services(settings=settings, database=database, clock=clock, sms=door.sms))
    made.testing = True
    made.test_client_class = LookingClient
    return made


@dataclass
class Phone:
    client: object
    door: Door
    seen: list = field(default_factory=list)

    def get(self, path, **more):
        answered = self.client.get(path, **more)
        self.seen.append(answered.get_data(as_text=True))
        return answered

    def post(self, path, *, page=None, **fields):
        """Post a form of `page` (the path itself when not named) with the tokens that stand in it."""
        source = self.client.get(page or path).get_data(as_text=True)
        for name in ("csrf_token", "form_token"):
            if found := re.search(rf'name="{name}" value="([^"]+)"', source):
                fields.setdefault(name, found[1])
        answered = self.client.post(path, data=fields)
        self.seen.append(answered.get_data(as_text=True))
        return answered

    @property
    def link(self):
        return f"/l/{self.door.sms.last_token}"

    def open(self):
        self.door.send()
        return self.post(self.link)

    def verify(self, day="17", month="11", year="1986"):
        return self.post("/verify", **{"born-day": day, "born-month": month, "born-year": year})

    def enter(self):
        self.open()
        answered = self.verify()
        assert answered.status_code == 303, answered.get_data(as_text=True)
        return self

    @property
    def account(self):
        return f"/me/accounts/{self.door.account_id}"


@pytest.fixture
def phone(client, door):
    return Phone(client, door)


@pytest.fixture
def second_phone(app, door):
    return Phone(app.test_client(), door)


def words_of(response):
    """Read a page as a person does: its text in one line."""
    tree = html5lib.parse(response.get_data(as_text=True), namespaceHTMLElements=False)
    for style in tree.iter("style"):
        style.text = ""
    return " ".join("".join(tree.itertext()).split())

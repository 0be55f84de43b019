"""What must never show, does not: a lender's private floor, and a person's data where nobody may read it."""

import copy
import io
import json
import logging
import re
import zipfile

import pytest
import structlog
from sqlalchemy import select

from portal.core.bounds.presets import preset
from portal.gateways import logs
from portal.store.tables.events import deliveries, events
from tests import build
from tests.house import town as towns
from tests.house.test_foreign_ids import owner
from tests.house.test_requests import address, rules, visitor

FLOOR = "0.1873"
CANARIES = {
    "name": "Zyxwina Canarybird",
    "phone": "+12015559173",
    "email": "zyxwina@canary.example",
    "birth": "1986-11-17",
    "id": "9173",
    "word": "quetzalword",
}
SECRET_PARTS = (
    "Zyxwina",
    "Canarybird",
    "2015559173",
    "canary.example",
    "1986-11-17",
    "1986, 11, 17",
    "quetzalword",
)


@pytest.fixture(scope="module")
def town(database):
    """A town whose debtor is a canary and whose bounds have a floor that stands nowhere else."""
    patch = pytest.MonkeyPatch()
    body = json.loads(
        json.dumps(preset("USD"), default=str).replace(
            '"no_plan_value": "0.15"', f'"no_plan_value": "{FLOOR}"'
        )
    )
    assert FLOOR in json.dumps(body)
    a_debtor, active_bounds = build.a_debtor, build.active_bounds
    person = {
        "full_name": CANARIES["name"],
        "phone": CANARIES["phone"],
        "email": CANARIES["email"],
        "security_word": CANARIES["word"],
    }
    patch.setattr(build, "a_debtor", lambda work, **more: a_debtor(work, **person | more))
    patch.setattr(
        build,
        "active_bounds",
        lambda work, **more: active_bounds(work, **{"body": copy.deepcopy(body)} | more),
    )
    yield towns.Town(database)
    patch.undo()


def bodies(app, town, group):
    """Give every page and answer that a party can look at: (address, text)."""
    client, key = visitor(app, town, group)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    for rule in rules(app, group, "GET"):
        if "/static/" not in rule.rule and "_gallery" not in rule.rule:
            path = address(app, town, rule)
            got = client.get(path, headers=headers)
            yield path, _words(got.get_data()) + (got.location or "")


def _words(body):
    """Give a body as text; of an archive, what its members say."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


#: Where the lender's own key reads the lender's own rules.
OWN_RULES = "/api/v1/bounds/"
#: The one answer of the API that names the person: the evidence itself, for a key with a scope of its own.
EVIDENCE = "/evidence.zip"


def shows(text, words):
    plain = re.sub(r"[\u2066-\u2069\u200e\u200f]|</?bdi>", "", text)
    return [word for word in words if word in plain or word in plain.replace(" ", "")]


@pytest.mark.parametrize(
    "group", ["public", "debtor", "counselor", "trainer", "api", "counselor_api", "trainer_api"]
)
def test_the_private_floor_is_nowhere(house_app, town, group):
    found = [
        path
        for path, text in bodies(house_app, town, group)
        if not path.startswith(OWN_RULES) and shows(text, [FLOOR, "18.73%", "18.73 %"])
    ]
    assert found == []


@pytest.mark.parametrize("group", ["public", "trainer", "api", "counselor_api", "trainer_api"])
def test_who_may_not_know_the_person_does_not(house_app, town, group):
    found = {
        path: names
        for path, text in bodies(house_app, town, group)
        if not path.endswith(EVIDENCE) and (names := shows(text, SECRET_PARTS))
    }
    assert found == {}


def test_no_address_carries_a_person(house_app, town):
    found = []
    for group in ("debtor", "staff", "counselor", "trainer"):
        client, _ = owner(house_app, town, group)
        for rule in rules(house_app, group, "GET"):
            text = client.get(address(house_app, town, rule)).get_data(as_text=True)
            links = re.findall(r'(?:href|action|formaction|src)="((?:/|http)[^"]*)"', text)
            found += [(rule.rule, link) for link in links if shows(link, SECRET_PARTS)]
    assert found == []


def test_no_event_and_no_delivery_carries_a_person_or_the_floor(town):
    with town.work.read() as tx:
        kept = [
            json.dumps(dict(row._mapping), default=str)
            for table in (events, deliveries)
            for row in tx.execute(select(table).where(table.c.lender_id == tx.lender_id))
        ]
    assert len(kept) > 20
    assert [row for row in kept if shows(row, [*SECRET_PARTS, FLOOR])] == []


@pytest.fixture
def heard(monkeypatch):
    """The real log of the web process, at its most talkative."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    kept = structlog.get_config()
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure_logs(level="debug", process="web", stream=stream)
    yield stream
    structlog.configure(**kept)
    root.handlers[:] = handlers
    root.setLevel(level)


def test_no_line_of_the_log_carries_a_person(house_app, town, heard, monkeypatch):
    """Look at every page with the log open, and let one of them crash."""
    house_app.testing = False
    try:
        for group in ("debtor", "staff", "counselor"):
            list(bodies(house_app, town, group))
        client, _ = owner(house_app, town, "debtor")
        with monkeypatch.context() as broken:
            broken.setattr("portal.web.debtor.accounts.view_balance", _crash(town))
            answered = client.get(f"/me/accounts/{town.open_account}")
        assert answered.status_code == 500
        assert shows(answered.get_data(as_text=True), SECRET_PARTS) == []
    finally:
        house_app.testing = True
    assert "crash" in heard.getvalue() or "error" in heard.getvalue()
    assert shows(heard.getvalue(), [*SECRET_PARTS, FLOOR]) == []


def _crash(town):
    def crash(*_named, **_more):
        person = {"full_name": CANARIES["name"], "phone": CANARIES["phone"]}
        raise ValueError(f"cannot show {person} of {town.lender.slug}")

    return crash


def test_a_canary_that_shows_is_found():
    assert shows("Hello <bdi>Zyxwina</bdi>", SECRET_PARTS) == ["Zyxwina"]
    assert shows("call +1 201 555 9173", SECRET_PARTS) == ["2015559173"]

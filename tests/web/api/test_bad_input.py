"""Naughty strings and injection payloads in every column of a file and every field of a PUT: stored as text or refused
with a reason, never a crash."""

import json
import re
import secrets
from pathlib import Path

import pytest

from portal.core.imports.columns import COLUMNS
from portal.web.api.explorer import sample
from portal.web.api.openapi import document
from portal.web.api.routes import PREFIX, ROUTES
from tests.actions.accounts.files import a_file, a_row
from tests.guests import a_counselor, a_trainer
from tests.web.api.conftest import a_guests_machine, an_account_body

VECTORS = Path(__file__).parents[4] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not here")


def strings():
    found = []
    for name, key in (("naughty_strings", "text"), ("injection_payloads", "payload")):
        found += [case[key] for case in json.loads((VECTORS / f"{name}.json").read_text())["cases"]]
    return found


def fields(body, path=()):
    """Walk over the places of every text in a body."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from fields(value, (*path, name))
        elif isinstance(value, str):
            yield (*path, name)


def with_text(body, path, text):
    copy = json.loads(json.dumps(body))
    place = copy
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = text
    return copy


@pytest.mark.parametrize("column", COLUMNS)
def test_any_string_in_a_column_is_kept_as_text_or_sent_back(machine, column):
    rows = [a_row(number, **{column: text}) for number, text in enumerate(strings())]
    done = machine.post("/imports?decimal=point", data=a_file(*rows), content_type="text/csv")
    assert done.status_code == 201, done.json
    counts = done.json["counts"]
    assert counts["created"] + counts["rejected"] + counts["unchanged"] == counts["rows"] == len(rows)
    rejects = machine.client.get(done.json["rejects_csv"], headers=machine.headers)
    assert rejects.status_code == 200
    for line in rejects.get_data(as_text=True).splitlines()[1:]:
        assert not line.split(",")[2].startswith(("=", "+", "-", "@"))


def test_any_string_in_a_field_is_kept_as_text_or_refused_by_name(machine, monkeypatch):
    monkeypatch.setattr("portal.web.api.limits.CALLS_A_MINUTE", 10**6)
    body = an_account_body()
    texts = strings()
    for number, path in enumerate(fields(body)):
        for text in texts[number::23]:
            answer = machine.put(f"/accounts/{secrets.token_hex(4)}", with_text(body, path, text))
            assert answer.status_code in (201, 409, 422), (path, text)
            if answer.status_code == 422:
                assert all(one["field"].startswith("/") and one["fix"] for one in answer.json["errors"])


def operations():
    """Give every call with a JSON body: method, path, a body that the document takes."""
    for path, methods in document()["paths"].items():
        for method, one in methods.items():
            content = one.get("requestBody", {}).get("content", {}).get("application/json")
            if content:
                yield method.upper(), path, sample(content["schema"])


@pytest.fixture
def callers(machine, database, monkeypatch):
    """Give who may call which operation."""
    monkeypatch.setattr("portal.web.api.limits.CALLS_A_MINUTE", 10**6)
    by = {
        "lender": machine,
        "counselor": a_guests_machine(machine.client, database, a_counselor(database), "counselor"),
        "trainer": a_guests_machine(machine.client, database, a_trainer(database), "trainer"),
    }
    return {(line.method, PREFIX + line.path): by[line.caller] for line in ROUTES}


def say(callers, method, path, body, texts):
    """Put each text into each text field of a body in turn; gives what was not answered as promised."""
    place = re.sub(r"\{\w+_id\}", "0191e0a0-0000-7000-8000-000000000000", path.removeprefix(PREFIX))
    place = re.sub(r"\{\w+\}", "none", place)
    wrong = []
    for number, field in enumerate(fields(body)):
        for text in texts[number::7]:
            got = getattr(callers[method, path], method.lower())(place, with_text(body, field, text))
            is_named = got.status_code != 422 or all(
                one["field"] and one["fix"] for one in got.json["errors"]
            )
            if got.status_code not in (200, 201, 400, 403, 404, 409, 422) or not is_named:
                wrong.append((method, path, field, text[:60], got.status_code))
    return wrong


def test_a_few_strings_in_every_field_of_every_call(callers):
    texts = strings()[::97]
    assert [fault for one in operations() for fault in say(callers, *one, texts)] == []


@pytest.mark.long
@pytest.mark.parametrize("operation", list(operations()), ids=lambda one: f"{one[0]} {one[1]}")
def test_any_string_in_every_field_of_every_call(callers, operation):
    assert say(callers, *operation, strings()) == []


def test_any_string_as_a_reference_or_a_parameter_is_no_crash(machine, monkeypatch):
    monkeypatch.setattr("portal.web.api.limits.CALLS_A_MINUTE", 10**6)
    for text in strings()[::5]:
        for path, query in (
            ("/accounts", {"after": text}),
            ("/events", {"after": text}),
            ("/accounts", {text: "1"}),
        ):
            answer = machine.client.get(f"/api/v1{path}", query_string=query, headers=machine.headers)
            assert answer.status_code in (200, 400), (path, text)
        place = text.replace("?", "").replace("#", "")
        assert machine.client.get(f"/api/v1/accounts/{place}", headers=machine.headers).status_code < 500


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff",
        b'{"reason": NaN}',
        b"[" * 5000,
        b'{"reason": "\\ud800"}',
        b'{"reason": "a\\u0000"}',
    ],
)
def test_a_body_that_is_no_object_is_refused(machine, body):
    headers = machine.headers | {"Idempotency-Key": secrets.token_hex(4), "Content-Type": "application/json"}
    answer = machine.client.post("/api/v1/accounts/AC-1/recall", data=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"
    form = machine.client.put("/api/v1/accounts/AC-1", data={"a": "b"}, headers=machine.headers)
    assert form.status_code == 415


def test_strange_idempotency_keys_are_refused(machine):
    for key in ("", "x" * 256, "ключ"):
        headers = machine.headers | {"Idempotency-Key": key.encode().decode("latin-1")}
        answer = machine.client.post("/api/v1/accounts/AC-1/recall", json={"reason": "sold"}, headers=headers)
        assert answer.status_code == 400

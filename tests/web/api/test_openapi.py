import json
import re

import jsonschema
import pytest

from portal.core.scopes import GUEST_SCOPES, SCOPES
from portal.web.access import access_of
from portal.web.api.openapi import document
from portal.web.api.routes import PREFIX, ROUTES
from tests.web.api.conftest import an_account_body


def test_the_document_is_open_and_names_every_route(client, app):
    shown = client.get("/api/openapi.json")
    assert shown.status_code == 200
    assert shown.json["openapi"] == "3.1.0"
    rules = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)))
        for rule in app.url_map.iter_rules()
        if str(rule).startswith(PREFIX)
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    told = {(method.upper(), path) for path, methods in shown.json["paths"].items() for method in methods}
    assert told == rules


def test_every_route_asks_for_a_scope_that_exists(app):
    for line in ROUTES:
        endpoint = next(
            name for name in app.view_functions if name.endswith(f".{line.name}") and name.startswith("api_")
        )
        access = access_of(app.view_functions[endpoint])
        assert access.scope == line.scope
        assert access.group == ("api" if line.caller == "lender" else f"{line.caller}_api")
        assert line.scope in (SCOPES if line.caller == "lender" else GUEST_SCOPES[line.caller])


def test_every_reference_leads_somewhere_and_every_operation_has_its_own_name():
    text = json.dumps(document())
    names = set(document()["components"]["schemas"])
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in names
    ids = [one["operationId"] for methods in document()["paths"].values() for one in methods.values()]
    assert len(ids) == len(set(ids))


@pytest.fixture
def shape():
    def check(model, value):
        schema = {"$ref": f"#/components/schemas/{model}", "components": document()["components"]}
        jsonschema.Draft202012Validator(schema).validate(value)

    return check


def test_answers_and_bodies_are_as_the_document_says(machine, shape):
    shape("AccountBody", an_account_body())
    shape("AccountView", machine.put("/accounts/AC-1", an_account_body()).json)
    shape("AccountPage", machine.get("/accounts").json)
    shape("EventPage", machine.get("/events").json)
    shape("Problem", machine.put("/accounts/AC-2", {}).json)
    shape("Problem", machine.get("/accounts/none").json)


def test_a_key_without_the_scope_is_refused_and_without_a_key_too(client, work, now):
    from portal.actions.lenders.issue_api_key import issue_api_key
    from portal.core.actors import SYSTEM

    key = issue_api_key(work, label="reader", scopes=("events:read",), actor=SYSTEM, now=now)
    headers = {"Authorization": f"Bearer {key.secret}"}
    assert client.get("/api/v1/events", headers=headers).status_code == 200
    for method, path in (("get", "/accounts"), ("put", "/accounts/x"), ("post", "/imports")):
        assert getattr(client, method)(f"/api/v1{path}", headers=headers).status_code == 403
        refused = getattr(client, method)(f"/api/v1{path}")
        assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")

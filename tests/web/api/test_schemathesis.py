"""The OpenAPI document is exact: an independent fuzzer reads it, calls every operation, and finds nothing."""

import json
from typing import get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from pydantic_core import core_schema

from portal.web.api.openapi import document
from portal.web.api.routes import PREFIX, ROUTES
from tests.guests import a_counselor, a_trainer
from tests.web.api.conftest import a_guests_machine

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis comes with the extra e2e")
checks = pytest.importorskip("schemathesis.checks")

#: Reasons that say that a body does not have the stated shape.
SHAPE_REASONS = set(get_args(core_schema.ErrorType))
OPERATIONS = sorted(
    (method.upper(), path) for path, methods in document()["paths"].items() for method in methods
)
GENTLY = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def described(app, monkeypatch):
    monkeypatch.setattr("portal.web.api.limits.CALLS_A_MINUTE", 10**6)
    return schemathesis.openapi.from_wsgi("/api/openapi.json", as_if_open(app))


@pytest.fixture
def headers_of(machine, client, database):
    """Give who may call an operation: the lender's machine, or a counselor's or a school's."""
    callers = {(line.method, PREFIX + line.path): line.caller for line in ROUTES}

    def given(method, path):
        audience = callers[method, path]
        if audience == "lender":
            return machine.headers
        guest = a_counselor(database) if audience == "counselor" else a_trainer(database)
        return a_guests_machine(client, database, guest, audience).headers

    return given


def as_if_open(app):
    """Give the app with a document that names no key: the key is sent with every call here, never made up."""
    plain = {name: part for name, part in document().items() if name != "security"}
    plain["components"] = {"schemas": plain["components"]["schemas"]}
    text = json.dumps(plain).encode()

    def asked(environ, start):
        if environ["PATH_INFO"] == "/api/openapi.json":
            start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
            return [text]
        return app(environ, start)

    return asked


def check_is_taken_for_well_formed(answer):
    """What fits the schema may still contradict itself or the account (422), but never the schema."""
    assert answer.status_code not in (400, 415), answer.text
    if answer.status_code == 422:
        reasons = {one["reason"] for one in answer.json()["errors"]}
        assert not reasons & SHAPE_REASONS, answer.text


@pytest.mark.long
@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_is_as_the_document_says(described, headers_of, method, path, mode):
    operation = described[path][method]
    headers = headers_of(method, path) | {"Accept-Encoding": "identity"}
    cases = operation.as_strategy(generation_mode=schemathesis.GenerationMode[mode])

    @GENTLY
    @given(cases)
    def call(case):
        answer = case.call(headers=headers)
        case.validate_response(answer, excluded_checks=[checks.positive_data_acceptance])
        if mode == "POSITIVE":
            check_is_taken_for_well_formed(answer)

    try:
        call()
    except Unsatisfiable:
        assert mode == "NEGATIVE"  # a call that takes nothing has nothing that could be wrong with it

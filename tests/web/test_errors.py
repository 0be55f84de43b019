import io
import json
import re

import pytest
import structlog
from flask import Blueprint, abort
from sqlalchemy.exc import OperationalError

from portal.gateways.logs import configure_logs
from portal.web import app as factory
from portal.web import errors
from portal.web.access import api, public
from portal.web.app import create_app
from portal.web.context import Services
from portal.web.language import languages, offered

UNKIND = re.compile(
    r"debtor|default|delinquent|demand|failure|reject|immediately|consequence|traceback|sqlalchemy",
    re.IGNORECASE,
)


@pytest.fixture
def app(monkeypatch, settings, database, clock):
    blueprint = Blueprint("faults", __name__)

    @blueprint.route("/fault/<int:status>", methods=["GET", "POST"])
    @public
    def fail(status):
        abort(status)

    @blueprint.get("/crash")
    @public
    def crash():
        raise RuntimeError("secret detail 4242")

    @blueprint.get("/away")
    @public
    def away():
        raise OperationalError("SELECT secret", {}, Exception("connection refused"))

    @blueprint.get("/api/crash")
    @api("read")
    def api_crash():
        return ""

    monkeypatch.setattr(factory, "BLUEPRINTS", (*factory.BLUEPRINTS, blueprint))
    made = create_app(Services(settings=settings, database=database, clock=clock))
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500, 503])
def test_each_fault_has_a_kind_page(client, status):
    response = client.get(f"/fault/{status}")
    page = response.get_data(as_text=True)
    assert response.status_code == status
    assert str(errors.PAGES[status].title) in page.replace("&#39;", "'")
    assert not UNKIND.search(re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL))
    assert re.search(r"<bdi>[0-9A-F]{4}-[0-9A-F]{4}</bdi>", page)
    assert 'href="/talk"' in page


@pytest.mark.parametrize("tag", [one.tag for one in offered()])
def test_each_fault_in_each_language(client, tag):
    for status in errors.PAGES:
        page = client.get(f"/fault/{status}?l={tag}").get_data(as_text=True)
        assert f'<html lang="{tag}" dir="{languages()[tag].direction}"' in page


def test_a_wrong_method_names_the_right_one(client):
    response = client.post("/talk")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_an_address_that_is_not_there(client):
    for path in ("/nope", "/static/nope.css", "/%00", "/..%2f..%2fetc/passwd", "/a" * 500):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("kind", ["debtor", "staff"])
@pytest.mark.parametrize(
    "address",
    ["/me/offers/%00", "/me/agreements/a%00b", "/l/%00", "/lender/events/%00", "/lender/inbox/disputes/%00"],
)
def test_an_address_with_a_null_byte_is_not_there(signed_in, kind, address):
    assert signed_in(kind).client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["/hooks/stripe/%00", "/hooks/training/%00"])
def test_a_signed_call_to_nobody_is_refused_like_a_forged_one(client, path):
    assert (
        client.post(path, data=b"{}").status_code
        == client.post(path.replace("%00", "none"), data=b"{}").status_code
    )


@pytest.mark.parametrize(("kind", "address"), [("staff", "/lender/accounts?q=%00"), ("debtor", "/?x=%00")])
def test_a_null_byte_in_a_search_finds_nothing(signed_in, kind, address):
    assert signed_in(kind).client.get(address).status_code == 200


def test_a_crash_shows_no_trace_but_a_number(client):
    written = io.StringIO()
    configure_logs(level="info", process="test", stream=written)
    try:
        response = client.get("/crash")
    finally:
        structlog.reset_defaults()
    line = json.loads(written.getvalue())
    assert (line["event"], line["error"], line["endpoint"]) == ("crashed", "RuntimeError", "faults.crash")
    assert "4242" not in written.getvalue()
    assert line["request_id"] in response.get_data(as_text=True)
    page = response.get_data(as_text=True)
    assert response.status_code == 500
    assert "4242" not in page
    assert "RuntimeError" not in page
    assert response.headers["Cache-Control"] == "no-store"


def test_a_database_that_is_away(client):
    response = client.get("/away")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert "SELECT" not in response.get_data(as_text=True)


def test_machines_get_problem_json(client):
    for response, status in ((client.get("/api/crash"), 401), (client.get("/api/nope"), 404)):
        assert (response.status_code, response.mimetype) == (status, "application/problem+json")
        body = json.loads(response.data)
        assert body["status"] == status
        assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", body["reference"])


def test_a_body_that_is_too_large(client, app, token_of):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    token = token_of(client.get("/language"))
    response = client.post("/language", data={"csrf_token": token, "language": "x" * 2000})
    assert response.status_code == 413


def test_an_old_form_is_told_kindly(client):
    response = client.post("/language", data={"csrf_token": "old", "language": "es"})
    assert response.status_code == 400
    assert "This page was open for a long time" in response.get_data(as_text=True)

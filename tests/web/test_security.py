import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Blueprint, session

from portal.settings import Settings
from portal.web import access, security
from portal.web import app as factory
from portal.web.access import api, counselor, debtor, hook, link_visit, public, staff, trainer
from portal.web.app import MisassembledError, create_app
from portal.web.context import Services, visitor


@pytest.fixture
def doors(monkeypatch, settings, database, clock):
    """An app with one page behind each door."""
    blueprint = Blueprint("doors", __name__)
    page = "<!doctype html><html lang=en dir=ltr><title>t</title><main><h1>{}</h1></main></html>"
    for name, mark in {
        "public": public,
        "link": link_visit,
        "debtor": debtor,
        "staff": staff(),
        "rules": staff("rules"),
        "counselor": counselor,
        "trainer": trainer,
        "hook": hook,
        "api": api("read"),
    }.items():

        def view(name=name):
            return page.format(name)

        view.__name__ = f"show_{name}"
        blueprint.add_url_rule(f"/doors/{name}", view_func=mark(view), methods=["GET", "POST"])
    monkeypatch.setattr(factory, "BLUEPRINTS", (*factory.BLUEPRINTS, blueprint))
    made = create_app(Services(settings=settings, database=database, clock=clock))
    made.testing = True
    return made


@pytest.fixture
def app(doors):
    return doors


def test_an_endpoint_in_no_group_stops_the_start(monkeypatch, settings, database, clock):
    blueprint = Blueprint("stray", __name__)
    blueprint.add_url_rule("/stray", view_func=lambda: "x", endpoint="show")
    monkeypatch.setattr(factory, "BLUEPRINTS", (*factory.BLUEPRINTS, blueprint))
    with pytest.raises(MisassembledError, match=r"stray\.show"):
        create_app(Services(settings=settings, database=database, clock=clock))


def test_a_view_is_in_one_group_only():
    with pytest.raises(ValueError, match="two access groups"):
        debtor(public(lambda: ""))


@pytest.mark.parametrize(
    ("door", "sign_in"),
    [
        ("link", "/come-back"),
        ("debtor", "/come-back"),
        ("staff", "/lender/sign-in?next=%2Fdoors%2Fstaff"),
        ("rules", "/lender/sign-in?next=%2Fdoors%2Frules"),
        ("counselor", "/counselor/sign-in?next=%2Fdoors%2Fcounselor"),
        ("trainer", "/trainer/sign-in?next=%2Fdoors%2Ftrainer"),
    ],
)
def test_a_stranger_is_sent_to_the_right_door(client, door, sign_in):
    response = client.get(f"/doors/{door}")
    assert (response.status_code, response.location) == (303, sign_in)
    fragment = client.get(f"/doors/{door}", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (200, sign_in)


@pytest.mark.parametrize(
    ("kind", "may", "may_not"),
    [
        ("link", ["public", "link"], ["debtor", "staff", "counselor", "trainer"]),
        ("debtor", ["public", "link", "debtor"], ["staff", "counselor", "trainer"]),
        ("staff", ["public", "staff"], ["debtor", "link", "counselor", "trainer"]),
        ("counselor", ["counselor"], ["debtor", "staff", "trainer"]),
        ("trainer", ["trainer"], ["debtor", "staff", "counselor"]),
    ],
)
def test_each_party_opens_its_own_doors_only(signed_in, kind, may, may_not):
    client = signed_in(kind).client
    assert [client.get(f"/doors/{door}").status_code for door in may] == [200] * len(may)
    assert [client.get(f"/doors/{door}").status_code for door in may_not] == [303] * len(may_not)


def test_an_opened_link_is_sent_on_to_verify(signed_in):
    assert signed_in("link").client.get("/doors/debtor").location == "/verify"


def test_roles_are_asked_for(signed_in):
    assert signed_in("staff", roles=["agent"]).client.get("/doors/rules").status_code == 403
    assert signed_in("staff", roles=["rules", "agent"]).client.get("/doors/rules").status_code == 200


def test_a_session_ends_by_itself(signed_in, clock):
    client = signed_in("debtor").client
    for _ in range(3):
        clock.move(minutes(14))
        assert client.get("/doors/debtor").status_code == 200
    clock.move(minutes(16))
    assert client.get("/doors/debtor").status_code == 303


def minutes(count):
    return timedelta(minutes=count)


@pytest.mark.parametrize("token", ["", "x", "1-x", "99999999999999999999-x", "0-x", "guest-x", "-", "１-x"])
def test_made_up_tokens_open_nothing(client, token):
    with client.session_transaction() as cookie:
        cookie["visits"] = {"debtor": token, "staff": token, "counselor": token}
    assert {client.get(f"/doors/{door}").status_code for door in ("debtor", "staff", "counselor")} == {303}


def test_a_form_needs_its_token(signed_in, token_of):
    client = signed_in("debtor").client
    assert client.post("/doors/debtor").status_code == 400
    token = token_of(client.get("/language"))
    assert client.post("/doors/debtor", data={"csrf_token": token}).status_code == 200
    assert (
        client.post("/doors/debtor", headers={"X-CSRFToken": token, "HX-Request": "true"}).status_code == 200
    )
    assert client.post("/doors/debtor", headers={"HX-Request": "true"}).status_code == 400
    from_elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/doors/debtor", data={"csrf_token": token}, headers=from_elsewhere).status_code == 400
    other = client.application.test_client()
    other.get("/language")
    assert other.post("/language", data={"csrf_token": token, "language": "es"}).status_code == 400


def test_what_was_proven_holds_for_its_own_session_only(signed_in, token_of):
    client = signed_in("debtor").client
    token = token_of(client.get("/language"))
    for _ in range(3):
        assert client.post("/doors/debtor", data={"csrf_token": token}).status_code == 200
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "another secret"
    assert client.post("/doors/debtor", data={"csrf_token": token}).status_code == 400


def test_a_cookie_read_before_is_read_anew_for_each_request_and_never_when_it_was_changed(app, signed_in):
    client = signed_in("debtor").client
    assert client.get("/doors/debtor").status_code == 200
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name).value
    with app.test_request_context("/", headers={"Cookie": f"{name}={cookie}"}):
        session["visits"]["debtor"] = "spoilt here only"
    assert client.get("/doors/debtor").status_code == 200
    flipped = cookie[:-4] + ("AAAA" if cookie[-4:] != "AAAA" else "BBBB")
    client.set_cookie(name, flipped)
    assert client.get("/doors/debtor").status_code == 303


def test_hooks_and_the_api_need_no_form_token(client):
    assert client.post("/doors/hook").status_code == 200
    assert client.post("/doors/api").status_code == 401
    assert client.post("/doors/api").mimetype == "application/problem+json"


def test_the_masked_token_never_looks_the_same_and_unmasks_to_itself():
    once, twice = security.mask("secret.token"), security.mask("secret.token")
    assert once != twice
    assert security.unmask(once) == security.unmask(twice) == "secret.token"
    assert security.unmask("not base64 ✓") is None
    assert security.unmask("") in (None, "")


def test_headers_before_and_after_verification(client, signed_in):
    before = client.get("/doors/link").headers
    assert before["Referrer-Policy"] == "no-referrer"
    after = signed_in("debtor").client.get("/doors/debtor").headers
    assert after["Referrer-Policy"] == "same-origin"
    assert after["Cache-Control"] == "no-store"
    assert after["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in after


def test_the_style_block_has_the_nonce_of_its_answer(client):
    one, two = client.get("/"), client.get("/")
    nonces = [re.search(r'<style nonce="([^"]+)"', answer.get_data(as_text=True))[1] for answer in (one, two)]
    assert nonces[0] != nonces[1]
    assert f"'nonce-{nonces[0]}'" in one.headers["Content-Security-Policy"]


def test_cookies_over_https(database, database_urls, clock):
    settings = Settings.from_environment(
        {
            "PORTAL_ENV": "test",
            "DATABASE_URL": database_urls["app"],
            "PORTAL_BASE_URL": "https://pay.example",
        }
    )
    client = create_app(Services(settings=settings, database=database, clock=clock)).test_client()
    response = client.get("/language", base_url="https://pay.example")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert "max-age" in response.headers["Strict-Transport-Security"]
    assert "upgrade-insecure-requests" in response.headers["Content-Security-Policy"]


def test_leaving_ends_every_visit_and_clears_the_browser(signed_in, token_of):
    signed_in("staff")
    client = signed_in("debtor").client
    token = token_of(client.get("/language"))
    response = client.post("/leave", data={"csrf_token": token})
    assert (response.status_code, response.location) == (303, "/left")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/doors/debtor").status_code == 303
    assert client.get("/doors/staff").status_code == 303


def test_a_stolen_cookie_is_worth_nothing_after_leaving(signed_in, token_of):
    party = signed_in("debtor")
    client = party.client
    client.post("/leave", data={"csrf_token": token_of(client.get("/language"))})
    with client.session_transaction() as cookie:
        cookie["visits"] = {"debtor": party.token}
    assert client.get("/doors/debtor").status_code == 303


def test_still_here_keeps_a_visit_alive(signed_in, clock, token_of):
    client = signed_in("debtor").client
    token = token_of(client.get("/language"))
    clock.move(minutes(10))
    said = client.post("/still-here", data={"csrf_token": token}, headers={"Accept": "application/json"})
    assert said.status_code == 204
    clock.move(minutes(10))
    assert client.get("/doors/debtor").status_code == 200


@pytest.mark.parametrize(
    ("wish", "goes_to"),
    [
        ("/lender/accounts?page=2", "/lender/accounts?page=2"),
        ("//evil.example", "/x"),
        ("/\\evil.example", "/x"),
        ("https://evil.example", "/x"),
        ("javascript:alert(1)", "/x"),
        ("/a\r\nSet-Cookie: b", "/x"),
        ("", "/x"),
    ],
)
def test_next_stays_on_this_site(app, wish, goes_to):
    with app.test_request_context("/", query_string={"next": wish}):
        assert access.next_path("/x") == goes_to


def test_visitor_asks_for_a_visit(app):
    with app.test_request_context("/"), pytest.raises(LookupError):
        visitor()


def test_settings_reach_the_limits(app, settings):
    assert app.config["MAX_CONTENT_LENGTH"] == settings.content_length_max
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None
    assert SimpleNamespace(**app.config).SESSION_COOKIE_SAMESITE == "Lax"

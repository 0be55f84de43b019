import re
from datetime import timedelta

import pyotp
import pytest

from portal.store import sessions


@pytest.fixture
def ana(world):
    return world.member("owner", email="ana@acme.example")


@pytest.fixture
def sign_in(client, world, lender, ana, token_of):
    def try_in(**changes):
        page = client.get("/lender/sign-in")
        plain = {
            "csrf_token": token_of(page),
            "lender": lender.slug,
            "email": "ana@acme.example",
            "password": ana.password,
            "code": pyotp.TOTP(ana.totp_secret).at(world.now),
        }
        return client.post("/lender/sign-in", data=plain | changes)

    return try_in


def test_both_factors_lead_to_the_console_with_a_new_token(client, sign_in, ana):
    response = sign_in()
    assert (response.status_code, response.location) == (303, "/lender/")
    assert b"Owner Person" in client.get("/lender/").data
    assert client.get("/lender/sign-in").status_code == 303, "already in"


def test_the_page_before_is_come_back_to_and_no_other_site(sign_in):
    assert sign_in(next="/lender/bounds").location == "/lender/bounds"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/me", "/lender\\evil", "x"])
def test_no_other_place(sign_in, target):
    assert sign_in(next=target).location.startswith("/lender")


@pytest.mark.parametrize(
    "wrong",
    [{"lender": "nobody"}, {"email": "x@y.example"}, {"password": "no"}, {"code": "000000"}],
    ids=str,
)
def test_what_was_wrong_is_not_said_and_what_was_typed_stays(sign_in, wrong):
    response = sign_in(**wrong)
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "That does not match. Check all four" in text
    assert f'value="{wrong.get("email", "ana@acme.example")}"' in text
    assert "password" not in re.findall(r'type="password"[^>]*value="([^"]*)"', text)


def test_too_many_tries(sign_in):
    for _ in range(10):
        sign_in(password="no")
    assert "wait five minutes" in sign_in().get_data(as_text=True)


def test_empty_boxes_are_named(sign_in):
    response = sign_in(lender="", email="", password="", code="")
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    for words in (
        "Type the short name",
        "Type your e-mail address",
        "Type your password",
        "Type the six digits",
    ):
        assert words in text


def test_signing_out_ends_the_visit(client, sign_in, work, token_of, now):
    sign_in()
    with client.session_transaction() as cookie:
        token = cookie["visits"]["staff"]
    client.post("/leave", data={"csrf_token": token_of(client.get("/lender/"))})
    assert client.get("/lender/").status_code == 303
    with work.read() as tx:
        assert sessions.find_session(tx, token=token, now=now) is None


def test_a_visit_ends_after_half_an_hour_without_a_request(client, sign_in, clock):
    sign_in()
    clock.move(timedelta(minutes=29))
    assert client.get("/lender/").status_code == 200
    clock.move(timedelta(minutes=31))
    assert client.get("/lender/").status_code == 303


def test_the_own_password_is_changed_with_the_old_one(world, desk, ana, client):
    console = desk("agent")
    page = "/lender/password"
    assert console.post(page, page=page, current="no", fresh="a longer password").status_code == 422
    short = console.post(page, page=page, current="no", fresh="short")
    assert "at least 12" in short.get_data(as_text=True).lower()
    member = world.member("agent")
    with world.work.begin() as tx:
        token = sessions.start_session(
            tx, kind="staff", subject_id=member.staff_id, state={"roles": ["agent"]}, now=world.now
        )
    with client.session_transaction() as cookie:
        cookie["visits"] = {"staff": token}
    done = console.post(page, page=page, current=member.password, fresh="a longer password")
    assert done.status_code == 303
    assert console.get("/lender/").status_code == 200
    with client.session_transaction() as cookie:
        assert cookie["visits"]["staff"] != token

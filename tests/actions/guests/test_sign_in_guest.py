from datetime import timedelta

import pytest

from portal.actions.guests.sign_in_guest import NO_MATCH, sign_in_guest
from portal.store import guest_sessions
from tests import build
from tests.guests import PASSWORD, a_counselor, a_trainer

NOW = build.NOW


@pytest.fixture(params=["counselor", "trainer"])
def audience(request):
    return request.param


@pytest.fixture
def guest(database, audience):
    return (a_counselor if audience == "counselor" else a_trainer)(database)


@pytest.fixture
def enter(database, audience, guest):
    def act(*, now=NOW, **changes):
        plain = {
            "audience": audience,
            "login": guest.login,
            "password": PASSWORD,
            "code": guest.code(now),
            "now": now,
        }
        return sign_in_guest(database, **plain | changes)

    return act


def test_both_factors_start_a_session_of_that_kind(database, audience, guest, enter):
    done = enter(login=f"  {guest.login.upper()} ")
    with database.shared().read() as shared:
        session = guest_sessions.find_guest_session(shared, token=done.token, now=NOW)
    assert (session.kind, session.subject_id) == (audience, guest.guest_id)


def test_a_code_counts_once(enter):
    assert enter().kind == "signed_in"
    assert enter() == NO_MATCH
    assert enter(now=NOW + timedelta(seconds=60)).kind == "signed_in"


@pytest.mark.parametrize(
    "wrong", [{"password": "x"}, {"code": "000000"}, {"code": ""}, {"login": "nobody@guest.example"}]
)
def test_whatever_is_wrong_the_answer_is_the_same(enter, wrong):
    assert enter(**wrong) == NO_MATCH


def test_the_other_door_does_not_open(audience, enter):
    other = "trainer" if audience == "counselor" else "counselor"
    assert enter(audience=other) == NO_MATCH


def test_ten_tries_in_five_minutes(enter):
    for _ in range(10):
        assert enter(password="x") == NO_MATCH
    assert enter().kind == "too_many"
    assert enter(now=NOW + timedelta(minutes=6)).kind == "signed_in"

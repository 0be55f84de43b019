"""What the API answered is forgotten after a week, of lenders and of guests, and not before."""

from datetime import timedelta

import pytest

from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.gateways.clock import FrozenClock
from portal.jobs.answers import forget_answers_of
from portal.jobs.house import House
from portal.settings import Settings
from portal.store import idempotency
from tests import build
from tests.guests import a_counselor
from tests.jobs.killing import environment
from tests.web.api.conftest import a_guests_key


@pytest.fixture
def house(database, database_urls):
    settings = Settings.from_environment(environment(database_urls))
    return House(settings=settings, database=database, clock=FrozenClock(build.NOW))


def answer(room, api_key_id, *, days_ago):
    now = build.NOW - timedelta(days=days_ago)
    with room.begin() as tx:
        named = {"key": f"{days_ago}", "api_key_id": api_key_id}
        idempotency.claim_key(tx, request_digest=b"x", now=now, **named)
        idempotency.keep_answer(tx, status=200, place=None, body="{}", **named)


def is_known(room, api_key_id, *, days_ago):
    with room.begin() as tx:
        key = f"{days_ago}"
        known = idempotency.claim_key(tx, key=key, api_key_id=api_key_id, request_digest=b"x", now=build.NOW)
        if known is None:
            idempotency.let_go(tx, key=key, api_key_id=api_key_id)
    return known is not None


@pytest.mark.parametrize("who", ["lender", "guest"])
def test_a_week_is_kept_and_no_longer(house, database, work, who, monkeypatch):
    monkeypatch.setattr("portal.jobs.answers.BATCH", 2)
    if who == "lender":
        room = work
        key = issue_api_key(work, label="a", scopes=("events:read",), actor=SYSTEM, now=build.NOW)
    else:
        room = database.shared()
        key = a_guests_key(database, a_counselor(database), "counselor")
    for days_ago in (0, 6, 8, 9, 30):
        answer(room, key.api_key_id, days_ago=days_ago)
    forgotten = forget_answers_of(house, room)
    assert forgotten == 3 if who == "lender" else forgotten >= 3
    assert forget_answers_of(house, room) == 0
    found = [days for days in (0, 6, 8, 9, 30) if is_known(room, key.api_key_id, days_ago=days)]
    assert found == [0, 6]

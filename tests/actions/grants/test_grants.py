import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal.actions.grants.end_grants import end_grants
from portal.actions.grants.offer_grant import WAITING_MAX, NotOffered, offer_grant
from portal.actions.grants.revoke_grant import return_grant, revoke_grant
from portal.actions.grants.take_grant import NO_MATCH, NotTaken, Taken, take_grant
from portal.actions.grants.view_client import view_client
from portal.store import grants, guest_lenders
from tests import build
from tests.guests import a_client, a_counselor

NOW = build.NOW


@pytest.fixture
def debtor_id(work):
    return build.a_debtor(work)


@pytest.fixture
def counselor(database):
    return a_counselor(database)


@pytest.fixture
def offer(work, debtor_id):
    def act(scopes=("view", "propose"), *, days=90, token=None, now=NOW):
        return offer_grant(
            work,
            debtor_id=debtor_id,
            scopes=scopes,
            days=days,
            form_token=token or secrets.token_urlsafe(24),
            now=now,
        )

    return act


@pytest.fixture
def take(database):
    def act(counselor, code, *, now=NOW):
        return take_grant(
            database, counselor_id=counselor.guest_id, agency_id=counselor.house_id, code=code, now=now
        )

    return act


def look(work, counselor, grant_ref, *, visit=NOW, now=NOW):
    return view_client(
        work,
        grant_ref=grant_ref,
        counselor_id=counselor.guest_id,
        agency_id=counselor.house_id,
        visit_started_at=visit,
        now=now,
    )


def told(work):
    return [row.type for row in build.events_of(work)]


def test_a_code_leads_to_exactly_what_was_granted_and_the_lender_hears_each_step(
    database, work, lender, debtor_id, counselor, offer, take
):
    offered = offer(("propose", "view", "sign", "pay", "view"))
    assert offered.grant.scopes == ["view", "propose"]
    taken = take(counselor, offered.code.lower().replace("-", " "))
    assert taken == Taken(lender_id=lender.lender_id, grant_ref=offered.grant.grant_ref)
    with work.read() as tx:
        (helper,) = grants.list_grants_of(tx, debtor_id=debtor_id)
    assert (helper.counselor_name, helper.agency_name) == ("Hanna Berg", "Open Door Advice")
    with database.shared().read() as shared:
        assert [one[0] for one in guest_lenders.list_lenders(shared, house_id=counselor.house_id)] == [
            lender.lender_id
        ]
    assert told(work) == ["grant.given", "counselor.viewed"]


def test_a_code_counts_once_even_when_taken_by_many_at_once(database, offer, take):
    code, many = offer().code, [a_counselor(database) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda one: take(one, code), many))
    assert sorted(type(one).__name__ for one in done) == ["NotTaken"] * 5 + ["Taken"]


def test_old_ended_used_and_made_up_codes_answer_alike(work, debtor_id, counselor, offer, take):
    old, ended = offer(), offer()
    revoke_grant(work, grant_ref=ended.grant.grant_ref, debtor_id=debtor_id, now=NOW)
    for code, now in (
        (old.code, NOW + timedelta(days=7)),
        (ended.code, NOW),
        ("000-000-000", NOW),
        ("", NOW),
        ("'; DROP TABLE grants", NOW),
        ("\x00" * 9, NOW),
    ):
        assert take(counselor, code, now=now) == NO_MATCH


def test_guessing_ends_after_ten_tries(counselor, offer, take):
    for _ in range(10):
        assert take(counselor, "111-111-111") == NO_MATCH
    assert take(counselor, offer().code) == NotTaken(reason="too_many")
    assert isinstance(take(counselor, offer().code, now=NOW + timedelta(minutes=5)), Taken)


def test_the_same_form_makes_one_code_and_few_may_wait(offer):
    token = secrets.token_urlsafe(24)
    offer(token=token)
    assert offer(token=token) == NotOffered(reason="again")
    for _ in range(WAITING_MAX - 1):
        offer()
    assert offer() == NotOffered(reason="too_many")
    assert offer(("sign", "pay")) == NotOffered(reason="nothing")


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_grant_has_an_end(offer, days):
    with pytest.raises(ValueError, match="1 to 365"):
        offer(days=days)


def test_one_look_a_visit_is_told(database, work, debtor_id, counselor):
    grant_ref = a_client(database, work, counselor, debtor_id)
    for minutes in (0, 5, 10):
        assert look(work, counselor, grant_ref, now=NOW + timedelta(minutes=minutes))
    assert told(work).count("counselor.viewed") == 2
    tomorrow = NOW + timedelta(days=1)
    look(work, counselor, grant_ref, visit=tomorrow, now=tomorrow)
    assert told(work).count("counselor.viewed") == 3


def test_parallel_looks_are_told_once(database, work, debtor_id, counselor):
    grant_ref = a_client(database, work, counselor, debtor_id)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: look(work, counselor, grant_ref), range(8)))
    assert told(work).count("counselor.viewed") == 2


def test_a_grant_taken_back_or_over_is_nothing_at_the_next_look(database, work, debtor_id, counselor):
    first, second = (a_client(database, work, counselor, debtor_id, days=days) for days in (90, 3))
    assert not revoke_grant(work, grant_ref=first, debtor_id=build.a_debtor(work), now=NOW)
    assert look(work, counselor, first)
    for _ in range(2):
        assert revoke_grant(work, grant_ref=first, debtor_id=debtor_id, now=NOW)
    assert look(work, counselor, first) is None
    assert look(work, counselor, second, now=NOW + timedelta(days=3)) is None
    assert told(work).count("grant.revoked") == 1


def test_a_grant_is_one_persons(database, work, debtor_id, counselor):
    grant_ref = a_client(database, work, counselor, debtor_id)
    colleague, stranger = a_counselor(database, house_id=counselor.house_id), a_counselor(database)
    for other in (colleague, stranger):
        assert look(work, other, grant_ref) is None
        named = {"counselor_id": other.guest_id, "agency_id": other.house_id}
        assert not return_grant(work, grant_ref=grant_ref, now=NOW, **named)
    assert look(work, counselor, "grt_0") is None


def test_a_counselor_hands_a_client_back(database, work, debtor_id, counselor):
    grant_ref = a_client(database, work, counselor, debtor_id)
    named = {"counselor_id": counselor.guest_id, "agency_id": counselor.house_id}
    assert return_grant(work, grant_ref=grant_ref, now=NOW, **named)
    assert look(work, counselor, grant_ref) is None


def test_ends_are_written_down_once(database, work, debtor_id, counselor, offer):
    a_client(database, work, counselor, debtor_id, days=30)
    offer()
    assert end_grants(work, now=NOW + timedelta(days=6)) == 0
    assert end_grants(work, now=NOW + timedelta(days=8)) == 1
    assert end_grants(work, now=NOW + timedelta(days=31)) == 1
    assert end_grants(work, now=NOW + timedelta(days=31)) == 0
    ends = [row.payload["reason"] for row in build.events_of(work) if row.type == "grant.revoked"]
    assert ends == ["date", "date"]

"""A counselor's machine: what each client consented to, no name, nothing signed, every act told."""

import json

import pytest
from sqlalchemy import update

from portal.actions.grants.revoke_grant import revoke_grant
from portal.actions.guests.revoke_guest_key import revoke_guest_key
from portal.store.tables.shared import agency_staff
from tests import build
from tests.guests import a_client, a_counselor
from tests.web.api.conftest import Machine, a_guests_key, a_guests_machine

USD = "USD"


@pytest.fixture
def counselor(database):
    return a_counselor(database)


@pytest.fixture
def debtor_id(work):
    return build.a_debtor(work)


@pytest.fixture
def account_ref(work, lender, debtor_id):
    build.active_bounds(work)
    build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id, account_ref="AC-77")
    return "AC-77"


@pytest.fixture
def let_in(database, work, counselor, debtor_id, account_ref, lender):
    def given(*scopes):
        ref = a_client(database, work, counselor, debtor_id, scopes=scopes or ("view", "budget", "propose"))
        return f"{lender.slug}.{ref}"

    return given


@pytest.fixture
def machine(client, database, counselor):
    return a_guests_machine(client, database, counselor, "counselor")


def a_sum(minor, currency=USD):
    return {"minor": minor, "currency": currency}


def an_ask(**changes):
    return {"account": "AC-77", "payment": a_sum(15_000), "frequency": "monthly"} | changes


def types(work):
    return [row.type for row in build.events_of(work)]


def test_clients_are_listed_by_consent_and_opened_without_a_name(machine, let_in, work, lender):
    client = let_in()
    page = machine.get("/clients").json
    assert [(one["id"], one["lender"], one["scopes"]) for one in page["clients"]] == [
        (client, lender.slug, ["view", "budget", "propose"])
    ]
    assert page["next"] is None
    before = types(work).count("counselor.viewed")
    file = machine.get(f"/clients/{client}").json
    machine.get(f"/clients/{client}")
    assert types(work).count("counselor.viewed") == before + 1  # once a day, not once a call
    (account,) = file["accounts"]
    assert (account["ref"], account["balance"]["currency"]) == ("AC-77", USD)
    assert not {"Lopez", "Maria"} & set(json.dumps(file).replace('"', " ").split())


def test_pages_go_on_where_the_last_one_ended(machine, let_in, work, lender, database, counselor):
    ids = [let_in()]
    for number in range(2):
        other = build.a_debtor(work)
        build.an_account(work, creditor_id=lender.creditor_id, debtor_id=other, account_ref=f"AC-8{number}")
        ids.append(f"{lender.slug}.{a_client(database, work, counselor, other)}")
    found, after = [], ""
    while after is not None:
        page = machine.get(f"/clients?limit=1{after}").json
        found += [one["id"] for one in page["clients"]]
        after = f"&after={page['next']}" if page["next"] else None
    assert found == ids


def test_what_was_not_consented_to_is_null_and_refused(machine, let_in):
    client = let_in("propose")
    file = machine.get(f"/clients/{client}").json
    assert (file["accounts"][0]["balance"], file["left_over"]) == (None, None)
    budget = {"account": "AC-77", "income": a_sum(1), "outgoings": a_sum(0)}
    refused = machine.post(f"/clients/{client}/budget", budget)
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")


def test_a_budget_counts_as_an_advisers(machine, let_in, work):
    client = let_in()
    body = {"account": "AC-77", "income": a_sum(200_000), "outgoings": a_sum(150_000)}
    assert machine.post(f"/clients/{client}/budget", body).json == {"left_over": a_sum(50_000)}
    (event,) = [row for row in build.events_of(work) if row.type == "budget.recorded"]
    assert event.payload["source"] == "counselor"
    assert machine.get(f"/clients/{client}").json["left_over"] == a_sum(50_000)


def test_a_proposal_is_answered_once_and_stays_unsigned(machine, let_in, work):
    client = let_in()
    done = machine.post(f"/clients/{client}/proposals", an_ask(), key="one")
    assert done.status_code == 200, done.json
    assert done.json["answer"] in ("accept", "counter")
    assert done.json["terms"]["amount"]["currency"] == USD
    again = machine.post(f"/clients/{client}/proposals", an_ask(), key="one")
    assert again.json == done.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert machine.post(f"/clients/{client}/proposals", an_ask(months=3), key="one").status_code == 409
    told = types(work)
    assert told.count("counselor.proposed") == 1
    assert not [one for one in told if one.startswith("agreement.")]
    assert machine.get(f"/clients/{client}").json["proposals"] == [done.json]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"account": "AC-none"}, "/account"),
        ({"payment": a_sum(1, "EUR")}, "/payment/currency"),
        ({"payment": a_sum(-1)}, "/payment/minor"),
        ({"family": "skills", "course": "none"}, "/course"),
        ({"course": "some"}, "/course"),
        ({"months": 0}, "/months"),
        ({"frequency": "daily"}, "/frequency"),
    ],
)
def test_what_is_wrong_is_named(machine, let_in, changes, field):
    refused = machine.post(f"/clients/{let_in()}/proposals", an_ask(**changes))
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json["errors"]] == [field]


def test_a_consent_that_ended_opens_nothing(machine, let_in, work, debtor_id):
    client = let_in()
    revoke_grant(work, grant_ref=client.rpartition(".")[2], debtor_id=debtor_id, now=build.NOW)
    assert machine.get("/clients").json["clients"] == []
    assert machine.get(f"/clients/{client}").status_code == 404
    assert machine.post(f"/clients/{client}/proposals", an_ask()).status_code == 404


def test_keys_open_their_own_doors_only(client, database, machine, let_in, counselor, key):
    theirs = let_in()
    lenders_machine = Machine(client, key.secret)
    assert lenders_machine.get("/clients").status_code == 401
    assert machine.get("/accounts").status_code == 401
    reader = a_guests_machine(client, database, counselor, "counselor", "clients:read")
    assert reader.get(f"/clients/{theirs}").status_code == 200
    assert reader.post(f"/clients/{theirs}/proposals", an_ask()).status_code == 403


def test_a_key_ends_with_its_revocation_and_with_its_counselor(client, database, counselor, let_in):
    let_in()
    first, second = (a_guests_key(database, counselor, "counselor") for _ in range(2))
    revoke_guest_key(database, api_key_id=first.api_key_id, house_id=counselor.house_id, now=build.NOW)
    assert Machine(client, first.secret).get("/clients").status_code == 401
    assert Machine(client, second.secret).get("/clients").status_code == 200
    with database.shared().begin() as shared:
        own = agency_staff.c.counselor_id == counselor.guest_id
        shared.execute(update(agency_staff).where(own).values(is_active=False))
    assert Machine(client, second.secret).get("/clients").status_code == 401


def test_calls_are_counted_for_each_key(machine, monkeypatch):
    monkeypatch.setattr("portal.web.api.limits.CALLS_A_MINUTE", 2)
    assert [machine.get("/clients").headers["RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]
    refused = machine.get("/clients")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0

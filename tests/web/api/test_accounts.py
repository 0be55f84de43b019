import secrets

import pytest

from portal.store import accounts, debtors
from portal.web.api.limits import CALLS_A_MINUTE
from tests import build
from tests.web.api.conftest import Machine, an_account_body

USD = "USD"


def test_an_account_is_created_read_changed_and_told(machine, work):
    made = machine.put("/accounts/AC-1", an_account_body())
    assert made.status_code == 201, made.json
    assert made.json["balance"] == {"minor": 105_000, "currency": USD}
    assert [line["kind"] for line in made.json["lines"]] == ["principal", "interest"]
    assert made.json["annual_rate_percent"] == "14.07"
    with work.read() as tx:
        account = accounts.find_account(tx, account_ref="AC-1")
        person = debtors.load_person(tx, debtor_id=account.debtor_id)
        assert person.full_name == "Megan Smith"
        assert account.brand_name == "Tamarind"
    body = an_account_body(interest={"minor": 6_000, "currency": USD})
    body["debtor"]["ref"] = made.json["debtor"]["ref"]
    assert machine.put("/accounts/AC-1", body).json["balance"]["minor"] == 106_000
    assert machine.put("/accounts/AC-1", body).status_code == 200
    told = [one["event"] for one in machine.get("/events").json["events"]]
    assert [event["type"] for event in told] == [
        "key.created", "account.created", "account.updated", "account.balance_changed",
    ]  # fmt: skip
    assert told[-1]["data"]["balance"]["difference"] == {"minor": 1_000, "currency": USD}
    assert [event["data"].get("sequence") for event in told] == [None, 1, 2, 3]


def test_personal_data_is_never_given_back(machine):
    machine.put("/accounts/AC-2", an_account_body())
    for path in ("/accounts/AC-2", "/accounts", "/events"):
        text = machine.get(path).get_data(as_text=True)
        assert not any(secret in text for secret in ("Megan", "2015550105", "1986-11-17", "0056"))


def test_a_wrong_field_is_named_with_its_fix(machine):
    body = an_account_body()
    body["debtor"] |= {"phone": "12", "date_of_birth": "2529-11-17"}
    answer = machine.put("/accounts/AC-3", body)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    by_field = {one["field"]: one for one in answer.json["errors"]}
    assert by_field["/debtor/date_of_birth"]["fix"] == "Write 1986-11-17"
    assert by_field["/debtor/phone"]["reason"] == "phone.invalid"
    assert machine.get("/accounts/AC-3").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"principle": 1}, "/principle"),
        ({"principal": {"minor": "1", "currency": "USD"}}, "/principal/minor"),
        ({"principal": {"minor": 1, "currency": "THB"}}, "/principal/currency"),
        ({"principal": {"minor": -1, "currency": "USD"}}, "/principal"),
        ({"currency": "XXQ"}, "/principal/currency"),
        ({"opened_on": "17/11/2024"}, "/opened_on"),
        ({"opened_on": 17}, "/opened_on"),
        ({"status": "late"}, "/status"),
        ({"lines": []}, "/lines"),
        ({"annual_rate_percent": "1e9"}, "/annual_rate_percent"),
    ],
)
def test_every_wrong_field_is_refused_by_name(machine, change, field):
    answer = machine.put(f"/accounts/{secrets.token_hex(3)}", an_account_body(**change))
    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json["errors"]]


def test_lines_that_sum_to_the_balance_are_kept(machine):
    lines = [
        {"kind": "principal", "label_key": "original", "amount": {"minor": 120_000, "currency": USD}},
        {"kind": "interest", "label_key": "interest", "amount": {"minor": 5_000, "currency": USD}},
        {"kind": "payment", "label_key": "payments", "amount": {"minor": -20_000, "currency": USD}},
    ]  # fmt: skip
    made = machine.put("/accounts/AC-4", an_account_body(lines=lines))
    assert [line["amount"]["minor"] for line in made.json["lines"]] == [120_000, 5_000, -20_000]


def test_etags_tell_unchanged_and_stop_lost_updates(machine):
    body = an_account_body()
    first = machine.put("/accounts/AC-5", body)
    tag = first.headers["ETag"]
    assert machine.get("/accounts/AC-5", **{"If-None-Match": tag}).status_code == 304
    body |= {"fees": {"minor": 700, "currency": USD}}
    assert machine.put("/accounts/AC-5", body, **{"If-Match": tag}).status_code == 200
    assert machine.put("/accounts/AC-5", body, **{"If-Match": tag}).status_code == 412


def test_the_same_key_gives_the_same_answer_and_its_effect_once(machine):
    machine.put("/accounts/AC-6", an_account_body())
    change = {"component": "interest", "amount": {"minor": -1_000, "currency": USD}, "reason": "credit"}
    first = machine.post("/accounts/AC-6/adjustments", change, key="k1")
    assert first.json["balance"]["minor"] == 104_000
    again = machine.post("/accounts/AC-6/adjustments", change, key="k1")
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    other = machine.post("/accounts/AC-6/adjustments", change | {"reason": "correction"}, key="k1")
    assert other.status_code == 409
    assert machine.get("/accounts/AC-6").json["balance"]["minor"] == 104_000
    missing = machine.client.post(
        "/api/v1/accounts/AC-6/recall", json={"reason": "sold"}, headers=machine.headers
    )
    assert missing.status_code == 400
    assert missing.json["errors"][0]["field"] == "Idempotency-Key"


def test_adjustments_stay_within_the_account(machine):
    machine.put("/accounts/AC-7", an_account_body())
    path = "/accounts/AC-7/adjustments"
    change = {"component": "interest", "amount": {"minor": -5_001, "currency": USD}, "reason": "credit"}
    assert machine.post(path, change).json["errors"][0]["reason"] == "below_zero"
    change["amount"] = {"minor": 1, "currency": "THB"}
    assert machine.post(path, change).json["errors"][0]["field"] == "/amount/currency"
    change["amount"] = {"minor": 0, "currency": USD}
    assert machine.post(path, change).status_code == 422
    assert (
        machine.post(
            "/accounts/none/adjustments", change | {"amount": {"minor": 1, "currency": USD}}
        ).status_code
        == 404
    )


def test_hold_release_and_recall_with_its_guards(machine):
    machine.put("/accounts/AC-8", an_account_body())
    held = machine.post("/accounts/AC-8/holds", {"cause": "dispute", "until": "2027-01-30T00:00:00Z"})
    assert held.status_code == 201
    assert [one["cause"] for one in held.json["holds"]] == ["dispute"]
    assert machine.post("/accounts/AC-8/holds", {"cause": "dispute"}).status_code == 200
    refused = machine.post("/accounts/AC-8/recall", {"reason": "sold"})
    assert refused.status_code == 409
    assert refused.json["guards"] == ["disputed"]
    assert machine.post("/accounts/AC-8/release", {"cause": "dispute"}).json["holds"] == []
    assert machine.post("/accounts/AC-8/recall", {"reason": "sold"}).json["state"] == "recalled"
    assert machine.post("/accounts/AC-8/links").status_code == 409
    types = [one["event"]["type"] for one in machine.get("/events").json["events"]]
    assert types[-3:] == ["account.held", "account.released", "account.recalled"]


def test_pages_walk_every_account_once(machine):
    refs = [f"PAGE/{number}" for number in range(5)]
    for ref in refs:
        assert machine.put(f"/accounts/{ref}", an_account_body()).status_code == 201
    seen, after = [], ""
    while after is not None:
        page = machine.get(f"/accounts?limit=2{after and '&after=' + after}").json
        seen += [one["ref"] for one in page["accounts"]]
        after = page["next"]
    assert seen == refs
    assert machine.get("/accounts?late=false").json["accounts"] == []
    assert machine.get("/accounts?limit=0").status_code == 400
    assert machine.get("/accounts?offset=3").status_code == 400
    assert machine.get("/accounts?after=x").json["errors"][0]["field"] == "after"


def test_an_address_of_an_act_is_no_account(machine):
    for act in ("holds", "recall", "links"):
        assert machine.put(f"/accounts/AC-1/{act}", an_account_body()).status_code == 405
        assert machine.get(f"/accounts/AC-1/{act}").status_code == 405
    assert machine.put("/accounts/2024/00123", an_account_body()).status_code == 201
    assert machine.post("/accounts/2024/00123/holds", {"cause": "dispute"}).status_code == 201


def test_another_lenders_account_does_not_exist(machine, database, client, key, work, now):
    other = build.a_lender(database)
    theirs = database.work(other.lender_id)
    debtor_id = build.a_debtor(theirs)
    build.an_account(theirs, creditor_id=other.creditor_id, debtor_id=debtor_id, account_ref="AC-9")
    assert machine.get("/accounts/AC-9").status_code == 404
    assert machine.post("/accounts/AC-9/recall", {"reason": "sold"}).status_code == 404
    assert Machine(client, key.secret[:-1]).get("/accounts").status_code == 401


def test_limits_are_told_and_kept(machine, monkeypatch):
    first = machine.get("/accounts")
    assert first.headers["RateLimit-Limit"] == str(CALLS_A_MINUTE)
    assert first.headers["RateLimit-Remaining"] == str(CALLS_A_MINUTE - 1)
    monkeypatch.setattr("portal.web.api.limits.CALLS_A_MINUTE", 1)
    over = machine.get("/accounts")
    assert over.status_code == 429
    assert over.headers["Retry-After"] == over.headers["RateLimit-Reset"] == "60"

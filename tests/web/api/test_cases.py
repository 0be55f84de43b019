"""A case that waits for the lender is answered by its machine, within the authority that the bounds give."""

import pytest

from portal.core.negotiation.ask import Ask
from tests.web.lender.world import World


@pytest.fixture
def world(work, lender):
    return World(work=work, lender=lender)


def test_cases_are_listed_by_their_promise_and_seen_under_either_name(machine, world):
    handoff = world.hand_off(ask=Ask(pay_minor=1_000))
    (line,) = machine.get("/cases").json["cases"]
    assert (line["id"], line["account"]) == (handoff.handoff_ref, world.account.account_ref)
    assert line["ask"]["pay_minor"] == 1_000
    assert machine.get(f"/cases/{line['id']}").json == line == machine.get(f"/cases/{line['case']}").json
    assert machine.get("/cases?state=answered").json["cases"] == []
    assert "call me" not in machine.get("/cases").get_data(as_text=True)


def test_a_counter_makes_a_firm_offer(machine, world):
    handoff = world.hand_off(ask=Ask(pay_minor=1_000))
    payment = {"minor": 20_000, "currency": "USD"}
    done = machine.post(
        f"/cases/{handoff.handoff_ref}/answer",
        {"answer": "counter", "reason": "within_authority", "payment": payment},
    )
    assert done.status_code == 200, done.json
    assert done.json["offer"].startswith("ofr_")
    assert done.json["late"] is False
    shown = machine.get(f"/cases/{handoff.handoff_ref}").json
    assert (shown["state"], shown["answer"]["offer"]) == ("answered", done.json["offer"])
    again = machine.post(f"/cases/{handoff.handoff_ref}/answer", {"answer": "close", "reason": "goodwill"})
    assert (again.status_code, again.json["reason"]) == (409, "answered_already")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answer": "decline"}, "/words"),
        ({"answer": "accept", "payment": {"minor": 1, "currency": "USD"}}, "/payment"),
        ({"answer": "counter", "payment": {"minor": 1, "currency": "THB"}}, "/payment/currency"),
        ({"answer": "counter", "payment": {"minor": 0, "currency": "USD"}}, "/payment/minor"),
        ({"answer": "shrug"}, "/answer"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused_by_name(machine, world, body, field):
    handoff = world.hand_off(ask=Ask(pay_minor=1_000))
    done = machine.post(f"/cases/{handoff.handoff_ref}/answer", {"reason": "goodwill", **body})
    assert (done.status_code, done.json["errors"][0]["field"]) == (422, field)


def test_pages_follow_the_promise(machine, world):
    world.hand_off(ask=Ask(pay_minor=1_000))
    world.hand_off()
    first = machine.get("/cases?limit=1").json
    rest = machine.get(f"/cases?limit=1&after={first['next']}").json
    assert {first["cases"][0]["id"], rest["cases"][0]["id"]} == {
        one["id"] for one in machine.get("/cases").json["cases"]
    }
    assert rest["next"] is None
    assert machine.get("/cases?after=1_2").status_code == 400
    assert machine.get("/cases/ä").status_code == 404

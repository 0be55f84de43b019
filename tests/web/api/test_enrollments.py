"""A school's machine: learners by code, steps confirmed once; no debt, no lender, no person."""

import json

import pytest

from tests import build
from tests.guests import a_learner, a_trainer
from tests.web.api.conftest import a_guests_machine

SECRETS = ("Northwind", "Tamarind", "USD", "minor", "lender", "Lopez", "Maria", "agreement", "debt")
START = build.NOW.date().isoformat()


@pytest.fixture
def trainer(database):
    return a_trainer(database)


@pytest.fixture
def learner(work, lender, trainer):
    return a_learner(work, lender, trainer)


@pytest.fixture
def machine(client, database, trainer):
    return a_guests_machine(client, database, trainer, "trainer")


def test_courses_and_learners_are_seen_and_nothing_else(machine, learner, trainer):
    courses, page = machine.get("/courses"), machine.get("/enrollments")
    one = machine.get(f"/enrollments/{learner.code}")
    assert [course["ref"] for course in courses.json["courses"]] == [trainer.course_ref]
    assert [(line["code"], line["course"], line["steps"]) for line in page.json["enrollments"]] == [
        (learner.code, trainer.course_ref, None)
    ]
    assert one.json["steps"][0]["step"] == "enrolled"
    for answer in (courses, page, one):
        text = json.dumps(answer.json)
        assert [word for word in SECRETS if word in text] == []


def test_a_step_is_confirmed_once_and_its_reward_is_told(machine, learner, work):
    path, body = f"/enrollments/{learner.code}/milestones", {"milestone": "certified", "on": START}
    assert machine.post(path, body).json == {"milestone": "certified", "was_verified": False}
    assert machine.post(path, body).json == {"milestone": "certified", "was_verified": True}
    events = [row for row in build.events_of(work) if row.type == "training.milestone_verified"]
    assert [row.payload["evidence"] for row in events] == ["provider_api"]
    shown = machine.get(f"/enrollments/{learner.code.upper()}").json
    assert {step["step"]: step["state"] for step in shown["steps"]}["certified"] == "verified"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"milestone": "retained_90d", "on": "2027-12-31"}, 422, "/on"),
        ({"milestone": "danced", "on": START}, 422, "/milestone"),
        ({"milestone": "certified"}, 422, "/on"),
        ({"milestone": "certified", "on": "2026-02-30"}, 422, "/on"),
    ],
)
def test_what_is_wrong_is_named(machine, learner, body, status, field):
    refused = machine.post(f"/enrollments/{learner.code}/milestones", body)
    assert refused.status_code == status
    assert [one["field"] for one in refused.json["errors"]] == [field]


def test_leaving_costs_nothing_and_ends_the_steps(machine, learner, work):
    assert machine.post(f"/enrollments/{learner.code}/leaving").json["state"] == "ended"
    refused = machine.post(f"/enrollments/{learner.code}/milestones", {"milestone": "certified", "on": START})
    assert (refused.status_code, refused.json["reason"]) == (409, "ended")
    assert [row.payload["outcome"] for row in build.events_of(work) if row.type == "training.ended"] == [
        "left"
    ]


def test_another_schools_machine_and_a_code_that_is_none_find_nothing(client, database, learner, machine):
    stranger = a_guests_machine(client, database, a_trainer(database), "trainer")
    for who, code in ((stranger, learner.code), (machine, "x" * 26), (machine, "1"), (machine, "%00")):
        assert who.get(f"/enrollments/{code}").status_code == 404
        body = {"milestone": "certified", "on": START}
        assert who.post(f"/enrollments/{code}/milestones", body).status_code == 404
        assert who.post(f"/enrollments/{code}/leaving").status_code == 404
    assert stranger.get("/enrollments").json["enrollments"] == []


def test_learners_are_paged_newest_first(machine, learner, work, lender, trainer):
    newest = a_learner(work, lender, trainer)
    first = machine.get("/enrollments?limit=1").json
    second = machine.get(f"/enrollments?limit=1&after={first['next']}").json
    assert [page["enrollments"][0]["code"] for page in (first, second)] == [newest.code, learner.code]
    assert second["next"] is None

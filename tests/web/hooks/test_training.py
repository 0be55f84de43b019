import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from standardwebhooks import Webhook

from portal.store.tables.payments import inbox
from tests import build
from tests.guests import SECRET, a_learner, a_trainer

NOW = build.NOW
OTHER_SECRET = "whsec_b3RoZXItc2VjcmV0LW9mLW5vYm9keS1hdC1hbGwtMDE="


@pytest.fixture
def trainer(database):
    return a_trainer(database)


@pytest.fixture
def learner(work, lender, trainer):
    return a_learner(work, lender, trainer)


@pytest.fixture
def call(app, trainer, learner):
    def act(milestone="enrolled", *, slug=None, secret=SECRET, at=NOW, webhook_id=None, body=None, **changes):
        data = {"enrollment": learner.code, "milestone": milestone, "on": NOW.date().isoformat()} | changes
        text = body or json.dumps({"type": "milestone.verified", "timestamp": at.isoformat(), "data": data})
        identifier = webhook_id or f"ms_{secrets.token_hex(8)}"
        headers = {
            "webhook-id": identifier,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(identifier, at, text),
        }
        answer = app.test_client().post(
            f"/hooks/training/{slug or trainer.slug}", data=text.encode(), headers=headers
        )
        return SimpleNamespace(status=answer.status_code, text=answer.get_data(as_text=True), headers=headers)

    return act


def told(learner):
    return [row.type for row in build.events_of(learner.work)]


def test_a_signed_call_confirms_a_step_and_is_kept_by_its_id(call, work, learner):
    assert call("enrolled", webhook_id="ms_1").status == 200
    assert learner.state() == "enrolled"
    with work.read() as tx:
        (row,) = tx.execute(inbox.select().where(inbox.c.lender_id == tx.lender_id)).all()
    assert (row.outside_id, row.state) == ("ms_1", "done")
    assert row.source.startswith("training:")


def test_the_same_call_again_or_many_at_once_is_one_reward(call, learner):
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: call("certified", webhook_id="ms_same").status, range(12)))
    assert set(done) == {200}
    assert told(learner).count("training.reward_vested") == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": OTHER_SECRET},
        {"at": NOW + timedelta(seconds=301)},
        {"at": NOW - timedelta(seconds=301)},
        {"slug": "school-nobody"},
        {"slug": "' OR 1=1"},
        {"slug": "%00"},
    ],
)
def test_forged_old_and_future_calls_change_nothing_and_answer_alike(call, learner, forged):
    done = call("certified", **forged)
    assert (done.status, "does not fit" in done.text) == (401, True)
    assert "training.enrolled" not in told(learner)


@pytest.mark.parametrize("seconds", [-299, 299])
def test_a_clock_that_is_a_little_off_is_forgiven(call, seconds):
    assert call(at=NOW + timedelta(seconds=seconds)).status == 200


def test_a_changed_body_or_id_does_not_verify(app, call, trainer, learner):
    done = call("enrolled", webhook_id="ms_2")
    changed = json.dumps({"type": "milestone.verified", "data": {"enrollment": learner.code}})
    for headers, body in (
        (done.headers, changed),
        ({**done.headers, "webhook-id": "ms_3"}, changed),
        ({}, changed),
        ({**done.headers, "webhook-timestamp": "١٢٣"}, changed),
        ({**done.headers, "webhook-signature": "v1,"}, changed),
    ):
        answer = app.test_client().post(f"/hooks/training/{trainer.slug}", data=body, headers=headers)
        assert answer.status_code == 401


def test_an_unknown_code_and_another_schools_learner_are_refused_alike(call, database, learner):
    other = a_trainer(database)
    strange = [
        call(enrollment="a" * 26),
        call(slug=other.slug),
        call(enrollment="\x00"),
        call(enrollment="x"),
    ]
    assert {one.status for one in strange} == {404}
    bodies = [{k: v for k, v in json.loads(one.text).items() if k != "reference"} for one in strange]
    assert all(body == bodies[0] for body in bodies)
    assert learner.state() == "chosen"


def test_nothing_in_an_answer_tells_of_a_debt(call, learner, lender):
    for done in (call("enrolled"), call("certified"), call("graduated"), call(on="2031-01-01")):
        for word in (lender.slug, "Northwind", "Tamarind", "owe", "debt", "plan", "USD", "$"):
            assert word not in done.text


@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", "{}", '{"type":"x"}', '{"type":"milestone.verified","data":null}', "[" * 5000, "é",
     '{"type":"milestone.verified","data":{"enrollment":1,"milestone":[],"on":{}}}',
     '{"type":"milestone.verified","data":{"enrollment":"a","milestone":"b","on":"soon"}}'],
)  # fmt: skip
def test_a_signed_body_of_another_shape_is_a_400(call, body):
    assert call(body=body or " ").status == 400


def test_a_large_body_is_refused(call):
    assert call(body=" " * 20_000).status == 413

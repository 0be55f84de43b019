import json
import re

import pytest

from tests import build
from tests.guests import PASSWORD, a_learner, a_trainer
from tests.web.debtor.walk import Walk

NOW = build.NOW
NAUGHTY = [
    "\x00",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "٠١٢",
    "a" * 5000,
    "../../etc/passwd",
    "{{7*7}}",
]
#: What a school must never read: money, the lender, the brand, the person, the reason.
SECRETS = (
    "Northwind",
    "Tamarind",
    "$",
    "USD",
    "owe",
    "debt",
    "loan",
    "lender",
    "Lopez",
    "Maria",
    "payment",
    "plan ",
)


@pytest.fixture
def trainer(database):
    return a_trainer(database)


@pytest.fixture
def learner(work, lender, trainer):
    return a_learner(work, lender, trainer)


@pytest.fixture
def desk(signed_in, trainer, learner):
    return Walk(signed_in("trainer", subject_id=trainer.guest_id).client)


def test_a_trainer_signs_in_by_both_factors(app, trainer):
    walk = Walk(app.test_client()).go("/trainer/")
    walk.submit(login=trainer.login, password="wrong", code=trainer.code(NOW))
    assert walk.page.status_code == 422
    walk.submit(login=trainer.login, password=PASSWORD, code=trainer.code(NOW))
    assert walk.heading == "0 learners"


def test_a_school_sees_codes_courses_and_steps_and_nothing_else(desk, learner, lender):
    for path in ("/trainer/", f"/trainer/learners/{learner.code}", "/trainer/courses"):
        desk.go(path)
        text = desk.page.get_data(as_text=True)
        assert "Drive a forklift" in text
        seen = re.sub(r"<[^>]+>", " ", text)
        for word in (*SECRETS, lender.slug, str(learner.plan.total), learner.agreement.agreement_ref):
            assert word not in seen, (path, word)
        assert lender.slug not in text


def test_a_step_is_confirmed_once_and_a_second_time_is_answered_kindly(desk, learner):
    path = f"/trainer/learners/{learner.code}"
    desk.go(path).submit(action="/steps/enrolled")
    assert "Confirmed. Thank you." in desk.text
    token = desk.forms()[0].find(".//input[@name='csrf_token']").get("value")
    again = desk.client.post(
        f"{path}/steps/enrolled", data={"csrf_token": token, "on": NOW.date().isoformat()}
    )
    assert again.location.endswith("done=again")
    assert "Nothing changed" in desk.go(again.location).text
    types = [row.type for row in build.events_of(learner.work)]
    assert types.count("training.milestone_verified") == 1


@pytest.mark.parametrize("day", ["", "soon", "2027-13-01", "2031-01-01", *NAUGHTY])
def test_a_day_that_is_none_or_lies_ahead_keeps_the_page(desk, learner, day):
    desk.go(f"/trainer/learners/{learner.code}").submit(action="/steps/enrolled", on=day)
    assert desk.page.status_code == 422
    assert learner.state() == "chosen"


def test_a_learner_who_left_keeps_what_was_confirmed(desk, learner):
    path = f"/trainer/learners/{learner.code}"
    desk.go(path).submit(action="/steps/enrolled")
    desk.submit(action="/left")
    assert "Left the course" in desk.text
    assert learner.state() == "ended"
    assert "Left" in desk.go("/trainer/").text


def test_a_learner_is_found_by_the_code_however_it_is_typed(desk, learner):
    typed = " ".join(re.findall(".{1,4}", learner.code.upper()))
    desk.go("/trainer/", query_string={"code": typed})
    assert desk.path == f"/trainer/learners/{learner.code}"
    for text in (*NAUGHTY, "nobody"):
        desk.go("/trainer/", query_string={"code": text})
        assert desk.page.status_code == 200
        assert "No learner of yours" in desk.text


def test_another_schools_learner_does_not_exist(desk, signed_in, database, learner):
    other = a_trainer(database)
    signed_in("trainer", subject_id=other.guest_id)
    path = f"/trainer/learners/{learner.code}"
    desk.go("/trainer/", query_string={"code": learner.code})
    assert "No learner of yours" in desk.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.page.get_data(as_text=True))[1]
    assert desk.client.get(path).status_code == 404
    for act in ("/steps/enrolled", "/left", "/steps/graduated"):
        answer = desk.client.post(path + act, data={"csrf_token": token, "on": NOW.date().isoformat()})
        assert answer.status_code == 404
    assert learner.state() == "chosen"


def test_naughty_addresses_are_404(desk):
    for text in json.loads(json.dumps(NAUGHTY)):
        assert desk.client.get(f"/trainer/learners/{text[:200]}").status_code in (404, 308), text

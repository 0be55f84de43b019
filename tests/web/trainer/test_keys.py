"""A school makes keys by self-service; everybody of the school sees them, and no page tells of a debt."""

import re

import pytest

from portal.store import guest_keys
from tests.guests import a_trainer
from tests.web.debtor.walk import Walk
from tests.web.trainer.test_trainer import SECRETS

KEYS = "/trainer/keys"


@pytest.fixture
def trainer(database):
    return a_trainer(database)


def test_a_key_of_the_school_confirms_steps_and_nothing_on_the_page_tells_of_a_debt(
    app, signed_in, trainer, database
):
    desk = Walk(signed_in("trainer", subject_id=trainer.guest_id).client).go(KEYS)
    desk.submit(action="/keys", label="course system", scope="enrollments:write")
    secret = re.search(r"prg_\w{8}_[\w-]{20,}", desk.text)[0]
    assert [word for word in SECRETS if word in desk.text.replace(secret, "")] == []
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "1"}
    path = "/api/v1/enrollments/abcdefghjkmnpqrstuvwxyz234/milestones"
    body = {"milestone": "attended", "on": "2026-11-30"}
    assert app.test_client().post(path, json=body, headers=headers).status_code == 404
    desk.submit(action="/revoke")
    assert app.test_client().post(path, json=body, headers=headers).status_code == 401
    with database.shared().read() as shared:
        assert guest_keys.list_guest_keys(shared, house_id=trainer.house_id) == []

from datetime import timedelta

from tests.web.api.conftest import an_account_body


def test_a_link_is_queued_for_the_number_on_file(machine, clock):
    clock.move(timedelta(hours=7))  # late morning in New York
    machine.put("/accounts/AC-L", an_account_body())
    sent = machine.post("/accounts/AC-L/links", key="one")
    assert sent.status_code == 200, sent.json
    assert sent.json["state"] == "queued"
    assert sent.json["segments"] >= 1
    assert machine.post("/accounts/AC-L/links", key="one").json == sent.json


def test_nobody_is_contacted_about_an_account_that_is_not_overdue(machine):
    machine.put("/accounts/AC-M", an_account_body(delinquent_since=None, status="current"))
    refused = machine.post("/accounts/AC-M/links")
    assert refused.status_code == 409
    assert machine.post("/accounts/none/links").status_code == 404

"""May a message go out now? Who was written to, and who helps a debtor."""

from portal.store import debtors
from tests.web.api.conftest import an_account_body


def test_the_answer_is_that_of_the_contact_rules(machine, work, now):
    machine.put("/accounts/AC-1", an_account_body())
    done = machine.post("/contact/decisions", {"account": "AC-1"}).json
    assert done["rule"].startswith("us-")
    assert done["allowed"] or done["next_at"]
    source_ref = machine.get("/accounts/AC-1").json["debtor"]["ref"]
    with work.begin() as tx:
        debtor = debtors.find_debtor_by_source(tx, source_ref=source_ref)
        debtors.mark_messages_stopped(tx, debtor_id=debtor.debtor_id, now=now)
    stopped = machine.post("/contact/decisions", {"account": "AC-1"}).json
    assert (stopped["allowed"], stopped["reason"], stopped["next_at"]) == (False, "stopped", None)
    assert machine.post("/contact/decisions", {"account": "nobody"}).status_code == 404


def test_messages_are_told_without_text_or_number(machine):
    machine.put("/accounts/AC-1", an_account_body())
    sent = machine.post("/accounts/AC-1/messages", {"template": "link_first"})
    assert sent.status_code == 200, sent.json
    page = machine.get("/accounts/AC-1/messages")
    assert [one["template"] for one in page.json["messages"]] == ["link_first"]
    assert "+1201" not in page.get_data(as_text=True)
    assert machine.post("/accounts/AC-1/messages", {"template": "threat"}).status_code == 422
    assert machine.get("/accounts/AC-1/grants").json == {"grants": []}

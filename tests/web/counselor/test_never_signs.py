"""A counselor can never sign or pay: no route of a debtor, of staff or of a school lets them in, and none of theirs
does it."""

import re

import pytest

from portal.web.access import access_of
from tests import build

FOREIGN = ("debtor", "link_visit", "staff", "trainer")


def filled(rule, **values):
    named = {"uuid": "0191e0a0-0000-7000-8000-000000000000", "int": "1", "string": "x"}

    def fill(match):
        kind, name = match[1] or "string:", match[2]
        return str(values.get(name, named.get(kind.rstrip(":").partition("(")[0], "x")))

    return re.sub(r"<(\w+(?:\([^)]*\))?:)?(\w+)>", fill, rule)


def doors(app):
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        if access and access.group in FOREIGN:
            yield rule, access


def test_no_door_of_anybody_else_opens(app, desk, client_of, account_id):
    client_of()
    token = desk.go("/counselor/add").forms()[0].find(".//input[@name='csrf_token']").get("value")
    tried = 0
    for rule, _access in doors(app):
        path = filled(rule.rule, account_id=account_id)
        if "GET" in rule.methods:
            answer = desk.client.get(path)
            assert answer.status_code in (303, 403, 404), path
            assert answer.status_code != 303 or re.match(
                r"/(come-back|verify|lender/sign-in|trainer/sign-in)", answer.location
            ), (path, answer.location)
            tried += 1
        if "POST" in rule.methods:
            answer = desk.client.post(path, data={"csrf_token": token, "form_token": "x" * 32})
            assert answer.status_code in (303, 403, 404), path
            assert (
                answer.status_code != 303 or "/come-back" in answer.location or "sign-in" in answer.location
            )
            tried += 1
    assert tried > 40


def test_a_signature_with_a_counselors_session_changes_nothing(desk, work, client_of, account_id):
    client = client_of()
    desk.go(f"{client.path}/accounts/{account_id}/propose").submit(amount="150", move="propose")
    token = desk.go("/counselor/add").forms()[0].find(".//input[@name='csrf_token']").get("value")
    offer = next(row.payload["offer"] for row in build.events_of(work) if row.type == "counselor.proposed")
    for path in (f"/me/offers/{offer}/agreement", f"/me/accounts/{account_id}/pay"):
        answer = desk.client.post(path, data={"csrf_token": token, "form_token": "x" * 32, "which": "all"})
        assert answer.status_code == 303
        assert answer.location.startswith("/come-back")
    types = {row.type for row in build.events_of(work)}
    assert not types & {"agreement.prepared", "agreement.signed", "payment.started", "offer.accepted"}


@pytest.mark.parametrize("word", ["sign", "pay", "agreement"])
def test_none_of_the_counselors_own_routes_is_about_it(app, word):
    own = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("counselor_")]
    assert own
    assert not any(
        part == word for rule in own for part in rule.rule.split("/") if rule.rule != "/counselor/sign-in"
    )

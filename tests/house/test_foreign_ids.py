"""What belongs to somebody else does not exist: every route with an id, every party that could guess one."""

import secrets

import pytest

from portal.core.holds import ADJUSTMENT_REASONS, CAUSES, RECALL_REASONS
from portal.gateways.ids import new_id
from portal.web.access import access_of
from tests.guests import a_counselor, a_trainer
from tests.house.town import csrf_of

#: Arguments of routes that are no ids of anybody.
NO_IDS = {"name", "kind", "slug", "lender_slug", "provider_slug", "token"}
#: What a request must hold before anybody looks whether the thing is there.
FIELDS = {
    "/lender/cases/<uuid:handoff_id>/answer": {"do": "decline", "words": "no"},
    "/me/accounts/<uuid:account_id>/letters": {"kind": "statement"},
    "/lender/refunds/<refund_ref>/decide": {"decision": "approved"},
    "/lender/books/unmatched/<step_ref>/decide": {"decision": "approved"},
    "/lender/approvals/<offer_ref>": {"decision": "approved"},
}
BODIES = {
    "adjustments": {
        "component": "fees",
        "amount": {"minor": -100, "currency": "USD"},
        "reason": ADJUSTMENT_REASONS[0],
    },
    "holds": {"cause": CAUSES[0]},
    "letters": {"kind": "statement"},
    "release": {"cause": CAUSES[0]},
    "recall": {"reason": RECALL_REASONS[0]},
    "links": {},
    "messages": {"template": "link_first"},
    "decision": {"decision": "approved"},
    "cases/answer": {"answer": "decline", "reason": "goodwill", "words": "no"},
    "disputes/answer": {"outcome": "confirmed", "words": "no"},
    "complaints/answer": {"outcome": "upheld", "words": "no"},
    "switch": {"on": True},
    "v1/endpoints": {"url": "https://203.0.113.9/in", "patterns": ["*"]},
    "v1/bounds": {"body": {}},
    "enrollments/milestones": {"milestone": "attended", "on": "2026-11-30"},
    "clients/budget": {
        "account": "AC-1",
        "income": {"minor": 1, "currency": "USD"},
        "outgoings": {"minor": 0, "currency": "USD"},
    },
    "clients/proposals": {
        "account": "AC-1",
        "payment": {"minor": 1, "currency": "USD"},
        "frequency": "monthly",
    },
}
GROUPS = ("debtor", "staff", "counselor", "trainer", "api", "counselor_api", "trainer_api")


@pytest.fixture(scope="module")
def app(house_app):
    return house_app


def routes_with_ids(app):
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        if rule.arguments - NO_IDS and access.group in GROUPS:
            for method in sorted(rule.methods & {"GET", "POST", "PUT", "DELETE"}):
                yield access.group, method, rule


def address(app, rule, ids):
    values = {name: ids[name] for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def ask(client, method, rule, ids, app, *, csrf=None, key=None):
    path = address(app, rule, ids)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": secrets.token_hex(8)} if key else {}
    if key:
        body = {"json": body_of(rule)} if method in ("POST", "PUT") else {}
        return client.open(path, method=method, headers=headers, **body)
    data = (
        {"csrf_token": csrf, "form_token": secrets.token_urlsafe(24), **FIELDS.get(rule.rule, {})}
        if method == "POST"
        else None
    )
    return client.open(path, method=method, data=data)


def body_of(rule):
    parts = [part for part in rule.rule.split("/") if not part.startswith("<")]
    return BODIES.get("/".join(parts[-2:])) or BODIES.get(parts[-1], {})


def strangers(app, town, elsewhere, group):
    """Give who must not see the town's ids: (who, client, API key)."""
    if group == "debtor":
        yield "a debtor of the same lender", town.visitor(app, "debtor", town.a_stranger()), None
        yield "a debtor of another lender", elsewhere.visitor(app, "debtor", elsewhere.debtor_id), None
    elif group == "staff":
        yield "staff of another lender", elsewhere.staff(app), None
    elif group == "counselor":
        colleague = a_counselor(town.database, house_id=town.counselor.house_id)
        yield "a colleague without a grant", town.visitor(app, "counselor", colleague.guest_id), None
        yield "another agency", town.visitor(app, "counselor", elsewhere.counselor.guest_id), None
    elif group == "trainer":
        yield "another school", town.visitor(app, "trainer", a_trainer(town.database).guest_id), None
    elif group == "api":
        yield "another lender's machine", app.test_client(), elsewhere.api_key
    elif group == "counselor_api":
        colleague = a_counselor(town.database, house_id=town.counselor.house_id)
        yield "a colleague's machine", app.test_client(), town.guest_key("counselor", colleague)
        yield "another agency's machine", app.test_client(), elsewhere.guest_key("counselor")
    else:
        yield "another school's machine", app.test_client(), elsewhere.guest_key("trainer")


@pytest.mark.parametrize("group", GROUPS)
def test_foreign_ids_do_not_exist(app, town, elsewhere, group):
    routes = [one for one in routes_with_ids(app) if one[0] == group]
    assert routes
    wrong = []
    for who, client, key in strangers(app, town, elsewhere, group):
        csrf = None if key else csrf_of(client, group)
        for _, method, rule in routes:
            if method == "PUT" and "ref" in rule.arguments:
                continue  # the reference is the lender's own: a new account is made
            got = ask(client, method, rule, town.ids, app, csrf=csrf, key=key)
            if got.status_code != 404:
                wrong.append((who, method, rule.rule, got.status_code, got.location))
    assert wrong == []


@pytest.mark.parametrize("group", GROUPS)
def test_unknown_ids_do_not_exist(app, town, group):
    made_up = {
        name: new_id() if name.endswith("_id") or name == "id" else f"x_{secrets.token_hex(8)}"
        for name in town.ids
    }
    made_up |= {"slug": "no-such-lender", "kind": "attended", "number": 999}
    who = owner(app, town, group)
    csrf = None if who[1] else csrf_of(who[0], group)
    wrong = []
    for one, method, rule in routes_with_ids(app):
        if one == group and not (method == "PUT" and "ref" in rule.arguments):
            got = ask(who[0], method, rule, made_up, app, csrf=csrf, key=who[1])
            if got.status_code != 404:
                wrong.append((method, rule.rule, got.status_code))
    assert wrong == []


def owner(app, town, group):
    if group == "staff":
        return town.staff(app), None
    if group == "api":
        return app.test_client(), town.api_key
    if group.endswith("_api"):
        return app.test_client(), town.guest_key(group.removesuffix("_api"))
    subject = {
        "debtor": town.debtor_id,
        "counselor": town.counselor.guest_id,
        "trainer": town.trainer.guest_id,
    }[group]
    return town.visitor(app, group, subject), None


@pytest.mark.parametrize("group", GROUPS)
def test_the_owner_sees_them_so_the_ids_are_real(app, town, group):
    client, key = owner(app, town, group)
    of_plan = ("home", "change", "change", "course", "history", "calendar", "calendar.ics", "<int:number>")
    special = dict.fromkeys(of_plan, town.signed.account_id)
    wrong = []
    for one, method, rule in routes_with_ids(app):
        if one != group or method != "GET":
            continue
        account_id = special.get(rule.rule.rpartition("/")[2], town.waiting.account_id)
        got = ask(client, method, rule, town.ids | {"account_id": account_id}, app, key=key)
        if got.status_code not in (200, 303):
            wrong.append((rule.rule, got.status_code))
    assert wrong == []

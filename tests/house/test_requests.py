"""A GET changes nothing but what is named; a POST asks for its token and answers 303 or 422."""

import secrets

import pytest
from sqlalchemy import create_engine, text

from portal.store.tables import metadata, staging_tables, tenant_tables
from portal.web.access import access_of
from tests.house.test_foreign_ids import owner
from tests.house.town import csrf_of

GROUPS = ("public", "debtor", "staff", "counselor", "trainer", "api", "counselor_api", "trainer_api")
#: Events that a look may leave behind, once a visit (HABITS.md 6.1).
VIEW_EVENTS = {"account.viewed", "rights.viewed", "agreement.viewed", "counselor.viewed", "data.revealed"}
#: What a view event touches.
TOUCHED_BY_VIEWS = {
    "events", "deliveries", "delivery_hints", "accounts", "sessions", "guest_sessions", "agreements", "grants",
    "debtors",
}  # fmt: skip
#: GETs of machines that keep something by design, with the tables.
MACHINES = {
    "/api/v1/events": {"leaves", "leaf_heads"}
}  # events get their numbers when somebody asks for them
#: POSTs that keep nothing, so that no amount stands in an address; and machines' answers.
MAY_ANSWER_200 = {
    "/me/accounts/<uuid:account_id>/plan", "/_gallery", "/_gallery/answer", "/still-here", "/verify/new", "/check",
    "/lender/bounds/<uuid:bounds_id>/count",
}  # fmt: skip
REFUSED = {303, 400, 403, 404, 409, 422}


@pytest.fixture(scope="module")
def look(database_urls, town):
    """Take a checksum of each table as it stands for the town, and the types of its events."""
    engine = create_engine(database_urls["bulk"].replace("postgresql://", "postgresql+psycopg://", 1))
    names = [name for name in metadata.tables if name not in staging_tables]
    one = "SELECT '{name}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t {where}"
    query = " UNION ALL ".join(
        one.format(
            name=name, where=f"WHERE lender_id = {town.work.lender_id}" if name in tenant_tables else ""
        )
        for name in names
    )
    kinds = text(f"SELECT id, type FROM events WHERE lender_id = {town.work.lender_id}")

    def taken():
        with engine.connect() as connection:
            return dict(connection.execute(text(query)).all()), dict(connection.execute(kinds).all())

    yield taken
    engine.dispose()


def changed(before, after):
    """Give the tables that changed without being named, and the new event types that are no views."""
    tables = {name for name in after[0] if after[0][name] != before[0].get(name)}
    told = {kind for id_, kind in after[1].items() if id_ not in before[1]}
    tables -= {"api_windows", "guest_windows"}  # the count of an API key's calls
    if told and told <= VIEW_EVENTS:
        tables -= TOUCHED_BY_VIEWS
    return tables | (told - VIEW_EVENTS)


def rules(app, group, method):
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in rule.methods and access_of(app.view_functions[rule.endpoint]).group == group
    ]


def visitor(app, town, group):
    return (app.test_client(), None) if group == "public" else owner(app, town, group)


def address(app, town, rule):
    accounts = {"home": town.signed.account_id, "course": town.signed.account_id}
    ids = town.ids | {
        "account_id": accounts.get(rule.rule.rpartition("/")[2], town.waiting.account_id),
        "name": "portal.css" if rule.rule.startswith("/static") else "payment.succeeded",
        "token": "x" * 26,
        "lender_slug": town.lender.slug,
        "provider_slug": town.trainer.slug,
    }
    if rule.rule.endswith(("/sign", "/code", "/code/check", "/consent", "/paper")):
        ids["agreement_ref"] = town.prepared.agreement_ref
    return app.url_map.bind("localhost").build(rule.endpoint, {name: ids[name] for name in rule.arguments})


@pytest.mark.parametrize("group", GROUPS)
def test_a_look_changes_nothing(house_app, town, look, group):
    client, key = visitor(house_app, town, group)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    wrong = []
    before = look()
    for rule in rules(house_app, group, "GET"):
        path = address(house_app, town, rule)
        for time in ("first", "again"):
            got = client.get(path, headers=headers)
            after = look()
            found = changed(before, after) - MACHINES.get(rule.rule, set())
            if time == "again" and set(after[1]) != set(before[1]):
                found |= {"told again"}
            if found or got.status_code >= 500:
                wrong.append((time, rule.rule, got.status_code, sorted(found)))
            before = after
    assert wrong == []


@pytest.mark.parametrize("group", ["public", "debtor", "staff", "counselor", "trainer"])
def test_a_post_without_its_token_changes_nothing(house_app, town, look, group):
    client, _ = visitor(house_app, town, group)
    before = look()
    found = [
        (rule.rule, got.status_code)
        for rule in rules(house_app, group, "POST")
        if (got := client.post(address(house_app, town, rule))).status_code not in (400, 403)
    ]
    assert found == []
    assert changed(before, look()) == set()


@pytest.mark.parametrize("group", ["public", "debtor", "staff", "counselor", "trainer"])
def test_an_empty_post_is_answered_and_htmx_gets_no_redirect(house_app, town, group):
    wrong = []
    for headers in ({}, {"HX-Request": "true"}):
        for rule in rules(house_app, group, "POST"):
            client, _ = visitor(house_app, town, group)
            data = {"csrf_token": csrf_of(client, group), "form_token": secrets.token_urlsafe(24)}
            got = client.post(address(house_app, town, rule), data=data, headers=headers)
            allowed = REFUSED | ({200} if rule.rule in MAY_ANSWER_200 or headers else set())
            if got.status_code not in allowed or (headers and got.status_code == 303):
                wrong.append((rule.rule, bool(headers), got.status_code))
    assert wrong == []


def test_a_look_that_writes_is_found(look, town):
    before = look()
    with town.work.begin() as tx:
        tx.execute(
            metadata.tables["debtors"]
            .update()
            .where(metadata.tables["debtors"].c.lender_id == tx.lender_id)
            .values(language="th")
        )
    assert changed(before, look()) == {"debtors"}

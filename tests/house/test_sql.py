"""What the statements of the product may not do, and that each of them names its lender."""

import re
import secrets
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from portal.store.tables import tenant_tables
from tests.house.town import Town, csrf_of
from tests.house.tree import Source, sources

FORBIDDEN = {
    "OFFSET": r"\.offset\(|\bOFFSET\s+[:%\d]",
    "set_config": r"set_config\s*\(",
    "an advisory lock": r"advisory_(?:xact_)?lock",
    "chance or a clock in SQL": r"func\.(?:now|random|clock_timestamp|gen_random_uuid|current_timestamp)\b"
    r"|\b(?:SELECT|VALUES|SET|WHERE|DEFAULT)\b.*?(?<![\w.])(?:now|clock_timestamp|gen_random_uuid|random)\(\)",
    "a trigger": r"CREATE\s+(?:OR REPLACE\s+)?TRIGGER",
    "an identity column": r"\bIdentity\(|GENERATED\s+(?:ALWAYS|BY DEFAULT)\s+AS\s+IDENTITY|\bSERIAL\b",
}
#: Where such a word stands for another reason.
MAY = {
    ("portal.store.jobs", "a trigger"): "the job library's own schema",
    ("portal.store.jobs", "chance or a clock in SQL"): "the job library's own functions",
}
IN_SQL = ("portal/store/", "portal/actions/", "portal/jobs/", "portal/web/", "migrations/")


def forbidden_in(source):
    body = "\n".join(line for line in source.text.splitlines() if not line.lstrip().startswith("#"))
    return [
        f"{source.name}: {what}"
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, body, re.IGNORECASE if " " in what and "chance" not in what else 0)
        and (source.name, what) not in MAY
    ]


@pytest.mark.parametrize("top", IN_SQL)
def test_sources_hold_no_forbidden_sql(top):
    assert [fault for source in sources(top) for fault in forbidden_in(source)] == []


@pytest.mark.parametrize(
    "line",
    [
        "select(a).offset(20)", 'text("SELECT set_config(1)")', 'text("SELECT pg_advisory_xact_lock(1)")',
        "func.now()", 'text("SELECT now()")', 'text("CREATE TRIGGER t")', 'Column("id", Identity())',
    ],
)  # fmt: skip
def test_forbidden_sql_is_found(line):
    assert forbidden_in(Source("planted", line)) != []


def without_lender(statement):
    """Give the tenant tables that a statement touches without naming lender_id for each."""
    plain = re.sub(r"\s+", " ", statement)
    touched = re.findall(r"(?:FROM|JOIN|UPDATE|INTO) (?:ONLY )?(\w+)(?: AS (\w+))?", plain)
    missing = []
    for table, alias in touched:
        if table in tenant_tables and not re.search(
            rf"\b(?:{alias or table}|{table})\.lender_id\b|\(lender_id\b|, lender_id\b", plain
        ):
            missing.append(table)
    return missing


@pytest.fixture(scope="module")
def statements(database, house_app):
    """Every statement of a town's life: its making, and a look at each of a debtor's and the desk's pages."""
    with hearing(database.engine) as heard:
        town = Town(database)
        _look_around(house_app, town)
    return sorted({statement for statement, _values in heard})


@contextmanager
def hearing(engine):
    """Hear every statement of an engine with its values."""
    heard = []

    def hear(_connection, _cursor, statement, values, *_more):
        heard.append((statement, values))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def _look_around(app, town):
    debtor, staff = town.visitor(app, "debtor", town.debtor_id), town.staff(app)
    path = f"/me/accounts/{town.waiting.account_id}"
    for one in ("", "/help", "/plan", "/offers", "/ask", "/budget", "/pay", "/pause", "/talk", "/wrong"):
        debtor.get(path + one)
    for one in (
        "/me",
        "/me/papers",
        "/me/answers",
        "/me/settings",
        "/me/rights",
        "/free-help",
        "/cannot-pay",
    ):
        debtor.get(one)
    csrf = csrf_of(debtor, "debtor")
    debtor.post(f"{path}/plan", data={"csrf_token": csrf, "kind": "installment", "amount": "90"})
    debtor.post(f"{path}/offers", data={"csrf_token": csrf})
    debtor.post(f"{path}/pause", data={"csrf_token": csrf, "form_token": secrets.token_urlsafe(24)})
    for one in (
        "/",
        "/accounts",
        "/accounts?q=Maria",
        "/cases",
        "/inbox",
        "/bounds",
        "/webhooks",
        "/events",
        "/people",
    ):
        staff.get(f"/lender{one}")


def test_every_statement_names_its_lender(statements):
    assert len(statements) > 100
    assert {
        statement[:200]: missing for statement in statements if (missing := without_lender(statement))
    } == {}


def test_no_statement_of_the_suite_is_forbidden(statements):
    for statement in statements:
        assert not re.search(r"\bOFFSET\b|set_config|advisory|clock_timestamp|gen_random_uuid", statement), (
            statement
        )


def test_a_statement_without_its_lender_is_found():
    assert without_lender("SELECT accounts.account_id FROM accounts WHERE accounts.account_id = %s") == [
        "accounts"
    ]
    assert without_lender("SELECT a.x FROM accounts AS a WHERE a.lender_id = %s") == []


def test_one_place_writes_the_ledger():
    """A posting's sum is checked where it is written (docs/decisions/zero-sum.md): nothing else may write one."""
    writes = re.compile(r"INSERT INTO ledger_entries|insert\(ledger_entries\)|ledger_entries\.insert\(")
    found = [source.name for top in IN_SQL for source in sources(top) if writes.search(source.text)]
    assert found == ["portal.store.ledger"]
    assert writes.search("tx.execute(insert(ledger_entries).values(x=1))")

"""No list of the console or the API counts rows or reads all rows of its lender: by the planner's own words."""

import json
import re

import pytest
from sqlalchemy import text

from benchmarks.lists import LISTS, MIDDLE
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.core.scopes import SCOPES
from portal.store.tables import metadata
from tests import build
from tests.house.test_sql import hearing
from tests.web.lender.world import ROLES, World

#: Tables that grow with the accounts of a lender or with what happens to them.
GROWING = {
    "account_lines", "accounts", "agreements", "case_balances", "cases", "complaints", "debtor_words", "debtors",
    "deliveries", "disputes", "events", "handoffs", "holds", "import_rejects", "imports", "installments", "leaves",
    "ledger_entries", "letters", "messages", "offers", "payments", "refunds",
}  # fmt: skip
#: Nodes that need all their rows before they give the first one.
TAKES_ALL = {"Sort", "Aggregate", "HashAggregate", "Hash", "WindowAgg", "SetOp", "BitmapAnd", "BitmapOr"}
#: Pages of one account and of one day's books: what they read is bounded by that, which a small table's plan hides.
NO_LISTS = {"/lender/accounts/{account}", "/lender/books"}
FORCED = ("seqscan", "sort", "hashjoin", "bitmapscan")


def leading(table):
    """Give the columns that stand right after the lender in a key or an index of a table."""
    made = metadata.tables[table]
    keys = [made.primary_key, *made.indexes, *(one for one in made.constraints if hasattr(one, "columns"))]
    names = [[column.name for column in one.columns] for one in keys]
    return {some[1] for some in names if len(some) > 1 and some[0] == "lender_id"}


def is_narrowed(plan, table):
    """Tell whether an index can lead to the few rows that are wanted, whichever one a small table's plan took."""
    wanted = f"{plan.get('Index Cond', '')} {plan.get('Filter', '')}"
    return any(re.search(rf"\b{name}\b\"?\)?(::\w+)? (=|>|>=|<|<=) ", wanted) for name in leading(table))


def faults_in(plan, *, is_cut=False, takes_all=False):
    """Give what a plan reads of its lender as a whole: (node, table)."""
    kind = plan["Node Type"]
    is_cut, takes_all = is_cut or kind == "Limit", (takes_all and kind != "Limit") or kind in TAKES_ALL
    table = plan.get("Relation Name")
    found = []
    if table in GROWING and "Scan" in kind and not is_narrowed(plan, table) and (takes_all or not is_cut):
        found.append((kind, table))
    for part in plan.get("Plans", ()):
        found += faults_in(part, is_cut=is_cut, takes_all=takes_all)
    return found


@pytest.fixture(scope="module")
def plans(database, house_app):
    """Every statement of every list with the plan of a planner that has no other way than to read or sort all."""
    lender = build.a_lender(database)
    work = database.work(lender.lender_id)
    world = World(work=work, lender=lender)
    key = issue_api_key(work, label="lists", scopes=tuple(SCOPES), actor=SYSTEM, now=build.NOW)
    machine = {"Authorization": f"Bearer {key.secret}"}
    client = house_app.test_client()
    world.sign_in(client, *ROLES)
    client.get("/api/v1/events?after=0", headers=machine)  # the first look numbers all events there are
    places = {
        "middle": MIDDLE, "creditor": lender.creditor_id, "account": world.account_id,
        "ref": world.account.account_ref, "endpoint": world.endpoint_id, "position": 0,
    }  # fmt: skip
    made = {}
    for address in LISTS:
        path = address.format(**places)
        with hearing(database.engine) as heard:
            got = client.get(path, headers=machine if path.startswith("/api/") else {})
        assert got.status_code == 200, path
        made[address] = [(one, _explained(database, lender.lender_id, *one)) for one in heard if _reads(*one)]
    return made


def _reads(statement, _values):
    return statement.lstrip().startswith("SELECT") and any(table in statement for table in GROWING)


def _explained(database, lender_id, statement, values):
    with database.work(lender_id).read() as tx:
        for way in FORCED:
            tx.connection.execute(text(f"SET LOCAL enable_{way} = off"))
        (plan,) = tx.connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    return plan["Plan"] if isinstance(plan, dict) else json.loads(plan)["Plan"]


@pytest.mark.parametrize("address", [one for one in LISTS if one not in NO_LISTS])
def test_a_list_reads_a_page_and_not_its_lender(plans, address):
    found = {
        statement[:300]: faults for (statement, _), plan in plans[address] if (faults := faults_in(plan))
    }
    assert found == {}


def test_a_list_that_sorts_counts_or_reads_all_is_found(database):
    lender = build.a_lender(database)
    own = f"lender_id = {lender.lender_id}"
    for planted in (
        f"SELECT count(*) FROM accounts WHERE {own}",
        f"SELECT account_id FROM accounts WHERE {own} ORDER BY currency LIMIT 50",
        f"SELECT account_id FROM accounts WHERE {own}",
        f"SELECT event_id FROM leaves WHERE {own} AND event_id IN (SELECT id FROM events WHERE type = 'x')",
    ):
        assert faults_in(_explained(database, lender.lender_id, planted, {})), planted
    kept = f"SELECT account_id FROM accounts WHERE {own} ORDER BY account_id LIMIT 50"
    assert faults_in(_explained(database, lender.lender_id, kept, {})) == []

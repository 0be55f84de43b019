"""Every list of a lender with 10⁶ accounts against the same list of one with 10⁴: the page over HTTP, and its
statements alone.

    ./portal.sh run -- python -m benchmarks lists

Both lenders live in one database, each with as many events, payments, deliveries, cases, disputes, complaints, refunds
and files as it has accounts, divided by four. Lists are asked turn by turn, at their beginning and where they can be
gone on with, in their middle; filters also for what is rare: ten accounts, the last ones. `LISTS_MANY` sets the larger
size, `LISTS_ONLY` names some lists by a part of their address.
"""

import json
import os
import re
import time
from contextlib import contextmanager
from statistics import median
from uuid import UUID

from sqlalchemy import event, text

from benchmarks.databases import migrated_with_owner
from benchmarks.measure import line
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.core.scopes import SCOPES
from portal.gateways.clock import FrozenClock
from portal.settings import Settings
from portal.web.api import limits
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.web.lender.world import ROLES, World

MANY = int(os.environ.get("LISTS_MANY", "1000000"))
FEW = MANY // 100
ONLY = os.environ.get("LISTS_ONLY", "")
ROUNDS, RARE = 15, 10
PAGE_GOAL, QUERY_GOAL = 1.5, 3.0
MIDDLE = UUID(int=2**127)
_ID = "md5('{table}' || number)::uuid"
#: Table -> how the columns of a copy differ from the row that it is a copy of.
COPIES = {
    "accounts": {
        "account_id": _ID,
        "account_ref": "'AC-' || number",
    },
    "events": {"id": _ID, "account_sequence": "1000 + number"},
    "leaves": {"position": "100000 + number", "event_id": "md5('events' || number)::uuid"},
    "deliveries": {"event_id": "md5('events' || number)::uuid", "account_sequence": "1000 + number"},
    "payments": {"payment_id": _ID, "payment_ref": "'pay_' || number", "gateway_session": "NULL"},
    "handoffs": {
        "handoff_id": _ID,
        "handoff_ref": "'hdf_' || number",
        "answer_due_at": "a.answer_due_at + number * interval '1 second'",
        "words": "NULL",
        "answer_words": "NULL",
    },
    "disputes": {
        "dispute_id": _ID,
        "dispute_ref": "'dsp_' || number",
        "answer_due_at": "a.answer_due_at + number * interval '1 second'",
        "words": "NULL",
        "answer": "NULL",
    },
    "complaints": {
        "complaint_id": _ID,
        "complaint_ref": "'cpl_' || number",
        "answer_due_at": "a.answer_due_at + number * interval '1 second'",
        "answer": "NULL",
    },
    "refunds": {"refund_id": _ID, "refund_ref": "'rfd_' || number"},
    "imports": {"import_id": _ID},
}
COPY = """
INSERT INTO {table} ({names})
SELECT {values} FROM (SELECT * FROM {table} WHERE lender_id = :lender ORDER BY 2 LIMIT 1) a
CROSS JOIN generate_series(1, :count) AS number
"""
LISTS = (
    "/lender/", "/lender/accounts", "/lender/accounts?after={middle}", "/lender/accounts?q=AC-77",
    "/lender/accounts?q=Maria", "/lender/accounts?only=past_due", "/lender/accounts?only=plan",
    "/lender/accounts?only=held", "/lender/accounts?creditor={creditor}",
    "/lender/cases", "/lender/inbox", "/lender/approvals", "/lender/refunds", "/lender/imports", "/lender/events",
    "/lender/webhooks", "/lender/webhooks/{endpoint}", "/lender/reconciliation", "/lender/books", "/lender/retention",
    "/lender/bounds", "/lender/people", "/lender/keys",
    "/api/v1/accounts", "/api/v1/accounts?after={middle}", "/api/v1/accounts?state=recalled",
    "/api/v1/accounts?late=false", "/api/v1/cases", "/api/v1/payments", "/api/v1/payments?after={middle}",
    "/api/v1/disputes", "/api/v1/complaints", "/api/v1/approvals", "/api/v1/reconciliation", "/api/v1/events?after=0",
    "/api/v1/events?after={position}", "/api/v1/deliveries?endpoint={endpoint}", "/api/v1/bounds", "/api/v1/endpoints",
    "/api/v1/accounts/{ref}/messages", "/api/v1/accounts/{ref}/letters",
)  # fmt: skip


class Lists:
    """One lender with so many of everything, a member of the staff and a machine that look at it."""

    def __init__(self, app_pool, bulk_pool, app, count):
        lender = build.a_lender(app_pool)
        self.work = app_pool.work(lender.lender_id)
        world = World(work=self.work, lender=lender)
        world.hand_off(), world.dispute(), world.complaint(), world.refund(), world.file()
        key = issue_api_key(self.work, label="bench", scopes=tuple(SCOPES), actor=SYSTEM, now=build.NOW)
        self.headers = {"Authorization": f"Bearer {key.secret}"}
        self.client, self.engine = app.test_client(), app_pool.engine
        self.client.get("/api/v1/events?after=0", headers=self.headers)  # so that events have their numbers
        with bulk_pool.engine.begin() as connection:
            for table, changes in COPIES.items():
                size = count if table == "accounts" else count // 4
                self._multiply(connection, table, lender.lender_id, changes, size)
            self._make_rare(connection, lender.lender_id)
        world.sign_in(self.client, *ROLES)
        self.places = {
            "middle": MIDDLE, "creditor": lender.creditor_id, "account": world.account_id,
            "ref": world.account.account_ref, "endpoint": world.endpoint_id, "position": 100_000 + count // 8,
        }  # fmt: skip

    def _multiply(self, connection, table, lender_id, changes, count):
        """Copy one row with ids and references of its own, in the database."""
        found = connection.execute(
            text("SELECT column_name FROM information_schema.columns WHERE table_name = :table"),
            {"table": table},
        ).scalars()
        names = list(found)
        own = {name: value.format(table=table) for name, value in changes.items()}
        values = ", ".join(own.get(name, f"a.{name}") for name in names)
        statement = COPY.format(table=table, names=", ".join(names), values=values)
        made = connection.execute(text(statement), {"count": count, "lender": lender_id})
        assert made.rowcount == count, table

    def _make_rare(self, connection, lender_id):
        """Let the last accounts of the list be what is rare: recalled, not overdue, held."""
        last = (
            "SELECT account_id FROM accounts WHERE lender_id = :lender ORDER BY account_id DESC LIMIT :rare"
        )
        place = {"lender": lender_id, "rare": RARE}
        rare = text(
            "UPDATE accounts SET state = 'recalled', delinquent_since = NULL "
            f"WHERE lender_id = :lender AND account_id IN ({last})"
        )
        connection.execute(rare, place)
        held = text(
            "INSERT INTO holds (lender_id, hold_id, account_id, kind, since) "
            f"SELECT :lender, account_id, account_id, 'dispute', :now FROM ({last}) AS few"
        )
        connection.execute(held, place | {"now": build.NOW})

    def ask(self, address):
        """Ask for a list; gives the seconds of the whole and of its statements."""
        path = address.format(**self.places)
        headers = self.headers if path.startswith("/api/") else {}
        with statements(self.engine) as spent:
            started = time.perf_counter()
            got = self.client.get(path, headers=headers)
            whole = time.perf_counter() - started
        assert got.status_code == 200, (path, got.status_code, got.get_data(as_text=True)[:500])
        return whole, sum(spent)


@contextmanager
def statements(engine):
    """Hear how long each statement takes."""
    spent, began = [], []

    def before(*_more):
        began.append(time.perf_counter())

    def after(*_more):
        spent.append(time.perf_counter() - began.pop())

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield spent
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


def measure(few, many, address):
    """Ask both lenders turn by turn; gives the median seconds of pages and of statements: (few, many) each."""
    found = {few: [], many: []}
    for side in (few, many):
        side.ask(address)
    for _ in range(ROUNDS):
        for side in (few, many):
            found[side].append(side.ask(address))
    return [tuple(median(one[part] for one in found[side]) for side in (few, many)) for part in (0, 1)]


def run() -> bool:
    limits.CALLS_A_MINUTE = 10**9
    good = True
    with migrated_with_owner() as (app_pool, bulk_pool, owner_pool):
        settings = Settings.from_environment(
            {"PORTAL_ENV": "test", "DATABASE_URL": "postgresql://nobody@localhost/none"}
        )
        app = create_app(Services(settings=settings, database=app_pool, clock=FrozenClock(build.NOW)))
        few, many = (Lists(app_pool, bulk_pool, app, count) for count in (FEW, MANY))
        with owner_pool.engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        for address in LISTS:
            if ONLY and not re.search(ONLY, address):
                continue
            pages, queries = measure(few, many, address)
            for what, (small, large), goal in (("", pages, PAGE_GOAL), (" sql", queries, QUERY_GOAL)):
                ratio = large / small
                good &= line(
                    f"{address}{what}", f"{large * 1e6:.0f} us", f"{small * 1e6:.0f} us", ratio,
                    f"<= {goal}", holds=ratio <= goal,
                )  # fmt: skip
    print(json.dumps({"accounts": [FEW, MANY], "lists": len(LISTS)}))
    return good

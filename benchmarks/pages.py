"""A list of a lender with 10⁶ accounts against the same list of one with 10⁴: the page over HTTP, and its query alone.

    ./portal.sh run -- python -m benchmarks pages

Both lenders live in one database. Pages are asked from everywhere in the list, turn by turn; keyset pages cost the same
wherever they begin. `PAGES_MANY` sets the larger size.
"""

import json
import os
import time
from statistics import median
from uuid import UUID

from sqlalchemy import text

from benchmarks.databases import migrated
from benchmarks.measure import line
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.gateways.clock import FrozenClock
from portal.settings import Settings
from portal.store import account_pages
from portal.web.api import limits
from portal.web.app import create_app
from portal.web.context import Services
from tests import build

FEW, MANY = 10_000, int(os.environ.get("PAGES_MANY", "1000000"))
ROUNDS, PAGES = 9, 40
PAGE_GOAL, QUERY_GOAL = 1.5, 3.0
COPY = """
INSERT INTO accounts ({names})
SELECT {values} FROM accounts a CROSS JOIN generate_series(1, :count) AS number
WHERE a.lender_id = :lender AND a.account_id = :model
"""


class Lists:
    """One lender with so many accounts, and a machine that lists them."""

    def __init__(self, app_pool, bulk_pool, app, count):
        lender = build.a_lender(app_pool)
        self.work = app_pool.work(lender.lender_id)
        model = build.an_account(
            self.work, creditor_id=lender.creditor_id, debtor_id=build.a_debtor(self.work)
        )
        self._multiply(bulk_pool, lender.lender_id, model, count)
        key = issue_api_key(self.work, label="bench", scopes=("accounts:read",), actor=SYSTEM, now=build.NOW)
        self.headers = {"Authorization": f"Bearer {key.secret}"}
        self.client = app.test_client()

    def _multiply(self, pool, lender_id, model, count):
        """Copy one account with ids and references of its own, in the database."""
        with pool.engine.begin() as connection:
            found = connection.execute(
                text("SELECT column_name FROM information_schema.columns WHERE table_name = 'accounts'")
            ).scalars()
            names = list(found)
            own = {"account_id": "md5(number::text)::uuid", "account_ref": "'AC-' || number"}
            values = ", ".join(own.get(name, f"a.{name}") for name in names)
            statement = COPY.format(names=", ".join(names), values=values)
            connection.execute(text(statement), {"count": count, "lender": lender_id, "model": model})
            connection.execute(text("ANALYZE accounts"))

    def page(self, after):
        """Ask for one page over HTTP; gives the seconds that it took."""
        started = time.perf_counter()
        got = self.client.get(f"/api/v1/accounts?after={after}&limit=50", headers=self.headers)
        seconds = time.perf_counter() - started
        assert len(json.loads(got.get_data())["accounts"]) == 50
        return seconds

    def query(self, after):
        """Run the query of one page; gives the seconds that it took."""
        with self.work.read() as tx:
            started = time.perf_counter()
            found = account_pages.list_cards(tx, after=after, limit=51)
            seconds = time.perf_counter() - started
        assert len(found) == 51
        return seconds


def places():
    """Give cursors from the first tenth of the list to the ninth."""
    return [UUID(int=(2**128 // (PAGES + 20)) * (number + 1)) for number in range(PAGES)]


def measure(few, many, ask):
    """Ask both lenders turn by turn; gives the median seconds of each."""
    found = {few: [], many: []}
    for _ in range(ROUNDS):
        for side in (few, many):
            found[side].append(median(ask(side, after) for after in places()))
    return median(found[few]), median(found[many])


def run() -> bool:
    limits.CALLS_A_MINUTE = 10**9
    with migrated() as (app_pool, bulk_pool):
        settings = Settings.from_environment(
            {"PORTAL_ENV": "test", "DATABASE_URL": "postgresql://nobody@localhost/none"}
        )
        app = create_app(Services(settings=settings, database=app_pool, clock=FrozenClock(build.NOW)))
        few, many = (Lists(app_pool, bulk_pool, app, count) for count in (FEW, MANY))
        pages = measure(few, many, Lists.page)
        queries = measure(few, many, Lists.query)
    return all(
        line(
            f"{what} at {MANY:,} / at {FEW:,} accounts",
            f"{large * 1e6:.0f} us",
            f"{small * 1e6:.0f} us",
            large / small,
            f"<= {goal}",
            holds=large / small <= goal,
        )
        for what, (small, large), goal in (("page", pages, PAGE_GOAL), ("query", queries, QUERY_GOAL))
    )

"""A file of 1,000,000 accounts against one of 100,000: the memory of the importing process, the same file again, and
the lender's own pages meanwhile.

    ./portal.sh run -- python -m benchmarks large_files

Each import runs in a process of its own, as `portal import` does, and says its highest resident memory. The site is
asked turn by turn before and during the import of the larger file: a list, a search and an account of the importing
lender by the API, and an account that is written. `LARGE_ROWS` sets the larger size.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from benchmarks.databases import migrated
from benchmarks.imports import COLUMNS, NOW, row_of
from benchmarks.measure import line
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.gateways.clock import FrozenClock
from portal.settings import Settings
from portal.store.lenders import create_lender, save_creditor
from portal.web.api import limits
from portal.web.app import create_app
from portal.web.context import Services
from tests.web.api.conftest import an_account_body

MANY = int(os.environ.get("LARGE_ROWS", "1000000"))
FEW = MANY // 10
BEFORE_SECONDS = 60
GROWTH_MIB, SITE_GOAL = 32, 2.0


def write_file(path: Path, rows: int) -> None:
    """Write a file of so many rows, one person each."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        file.writelines(f"{row_of(number)}\n" for number in range(rows))


def begin(url: str, lender_id: int, path: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "benchmarks.imports", url, str(lender_id), str(path)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> dict[str, float]:
    told, _ = process.communicate()
    assert process.returncode == 0
    return dict(json.loads(told))


class Site:
    """The importing lender's machine, whose calls are timed."""

    def __init__(self, pool, work):
        settings = Settings.from_environment(
            {"PORTAL_ENV": "test", "DATABASE_URL": "postgresql://nobody@localhost/none"}
        )
        limits.CALLS_A_MINUTE = 10**9
        app = create_app(Services(settings=settings, database=pool, clock=FrozenClock(NOW)))
        key = issue_api_key(
            work, label="bench", scopes=("accounts:read", "accounts:write"), actor=SYSTEM, now=NOW
        )
        self.client, self.headers = app.test_client(), {"Authorization": f"Bearer {key.secret}"}
        self.body = an_account_body(creditor="Tamarind")

    def once(self) -> float:
        """Ask for a list and an account, and write one; gives the seconds of all three."""
        started = time.perf_counter()
        answers = [
            self.client.put("/api/v1/accounts/OWN-1", json=self.body, headers=self.headers),
            self.client.get("/api/v1/accounts?limit=50", headers=self.headers),
            self.client.get("/api/v1/accounts/OWN-1", headers=self.headers),
        ]
        seconds = time.perf_counter() - started
        assert [one.status_code for one in answers][1:] == [200, 200], [one.text for one in answers]
        return seconds

    def while_(self, goes_on) -> list[float]:
        found = []
        while goes_on():
            found.append(self.once())
            time.sleep(0.05)
        return found


def p95(found: list[float]) -> float:
    return quantiles(found, n=20)[18]


def run() -> bool:
    with migrated() as (app, bulk), tempfile.TemporaryDirectory() as folder:
        url = bulk.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        files, works = {}, {}
        for rows in (FEW, MANY):
            files[rows] = Path(folder) / f"{rows}.csv"
            write_file(files[rows], rows)
            with create_lender(app, slug=f"rows-{rows}", name="Bench", settings={}, now=NOW) as tx:
                save_creditor(tx, creditor_ref="Tamarind", brand_name="Tamarind", now=NOW)
                works[rows] = app.work(tx.lender_id)
        few = finished(begin(url, works[FEW].lender_id, files[FEW]))
        site = Site(app, works[MANY])
        until = time.monotonic() + BEFORE_SECONDS
        before = site.while_(lambda: time.monotonic() < until)
        process = begin(url, works[MANY].lender_id, files[MANY])
        during = site.while_(lambda: process.poll() is None)
        many = finished(process)
        again = finished(begin(url, works[MANY].lender_id, files[MANY]))
    assert (many["created"], many["rejected"]) == (MANY, 0), many
    changed = again["created"] + again["updated"] + again["rejected"] + again["kept"]
    print(f"{MANY:,} rows: {MANY / many['seconds']:,.0f} rows/s first, {MANY / again['seconds']:,.0f} again")
    growth, slow = many["peak"] - few["peak"], p95(during) / p95(before)
    milliseconds = [f"{p95(found) * 1000:.0f} ms" for found in (during, before)]
    return all(
        [
            line(
                f"memory at {MANY:,} rows / at {FEW:,}", f"{many['peak']:.0f} MiB", f"{few['peak']:.0f} MiB",
                many["peak"] / few["peak"], f"+ {GROWTH_MIB} MiB", holds=growth <= GROWTH_MIB,
            ),
            line(
                "three calls while it runs / before, p95", *milliseconds,
                slow, f"<= {SITE_GOAL}", holds=slow <= SITE_GOAL,
            ),
            line("rows that change the second time", f"{changed:.0f}", "0", changed, "= 0", holds=not changed),
        ]
    )  # fmt: skip

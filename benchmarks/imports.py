"""A first import against its reference: the same rows, already valid, encrypted and digested in the same way, by typed
COPY into staging and one INSERT … SELECT a table (CONTRACT.md 4). Interleaved in one database; the median ratio counts.

`IMPORT_ROWS` sets the rows of a run (20,000 unless set).
"""

import io
import json
import os
import resource
import statistics
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import available_timezones

from benchmarks.databases import migrated
from portal.actions.accounts.import_accounts import ROWS_AT_ONCE, import_accounts
from portal.actions.accounts.take_rows import new_debtor
from portal.cli.import_ import lower_priority
from portal.core.actors import SYSTEM
from portal.core.imports.cells import Rules
from portal.core.imports.columns import COLUMNS
from portal.core.imports.files import Options, Places
from portal.core.imports.rows import RowReader
from portal.gateways.ids import new_id
from portal.gateways.phones import COUNTRIES, normalize_phone
from portal.gateways.tables.opening import open_table
from portal.store import staging
from portal.store.lenders import create_lender, save_creditor
from portal.store.work import open_database
from tests.build import MASTER_KEY

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PLACES = Places(
    today=NOW.date(),
    countries=COUNTRIES,
    time_zones=frozenset(available_timezones()),
    normalize_phone=normalize_phone,
)
ROWS = int(os.environ.get("IMPORT_ROWS", "20000"))
PAIRS = 3
GOAL = 1.5
FIRST = ("Megan", "José", "ทับทิม", "Nguyễn", "刘", "Ana")
LAST = ("Smith", "García", "เนื้อนุ่ม", "Thị Hà", "秀华", "da Cunha")


def row_of(number):
    """Write one row of a file, a person of its own."""
    name = f"{FIRST[number % 6]} {LAST[number // 6 % 6]} {number % 997}"
    return (
        f"AC-{number},Tamarind,card,P-{number},{name},{1950 + number % 50}-03-{1 + number % 28:02d},"
        f"{number % 10000:04d},+1201{2000000 + number % 7999999},p{number}@example.com,"
        "en,US,NJ,America/New_York,USD,"
        f"{number % 9000}.{number % 100:02d},{number % 300}.50,0.00,{number % 9999}.00,{number % 30}.07,"
        f"2024-{1 + number % 12:02d}-17,2026-0{1 + number % 9}-05,2026-06-01,{number % 8000}.00,arrears"
    )


def the_file(start):
    """Write a file of ROWS rows, every one a person of its own."""
    return io.BytesIO("\n".join([",".join(COLUMNS), *map(row_of, range(start, start + ROWS))]).encode())


def the_import(work, stream):
    table = open_table(stream, name="bench.csv", columns=COLUMNS)
    started = time.perf_counter()
    done = import_accounts(work, table=table, options=Options(), places=PLACES, actor=SYSTEM, now=NOW)
    assert done.counts["created"] == ROWS, done
    return time.perf_counter() - started


def valid_rows(stream):
    """Read and check the rows beforehand: what the reference is given."""
    table = open_table(stream, name="bench.csv", columns=COLUMNS)
    rules = Rules(
        today=date(2026, 12, 1),
        countries=COUNTRIES,
        time_zones=PLACES.time_zones,
        normalize_phone=normalize_phone,
    )
    reader = RowReader(positions={name: place for place, name in enumerate(COLUMNS)}, width=24, rules=rules)
    return [reader.read(cells) for _, cells in table.rows]


def the_reference(work, rows, creditor_id):
    """Load valid rows: digests, sealing, COPY, INSERT … SELECT, in batches of the same size."""
    started = time.perf_counter()
    with work.begin() as tx:
        import_id = tx.new_id()
        for first in range(0, len(rows), ROWS_AT_ONCE):
            _load(tx, import_id, rows[first : first + ROWS_AT_ONCE], first, creditor_id)
        staging.forget_staged(tx, import_id=import_id)
    return time.perf_counter() - started


def _load(tx, import_id, rows, first, creditor_id):
    people, debts = [], []
    for number, row in enumerate(rows, first):
        debtor_id = tx.new_id()
        people.append(
            staging.StagedDebtor(
                row_number=number,
                is_new=True,
                debtor_id=debtor_id,
                row_digest=tx.digest("person", row.person.canonical()),
                debtor=new_debtor(tx, row.person),
            )
        )
        debts.append(_debt(tx, number, row, creditor_id=creditor_id, debtor_id=debtor_id))
    place = {
        "import_id": import_id,
        "first": first,
        "last": first + len(rows) - 1,
        "expected": len(rows),
        "now": NOW,
    }
    staging.stage_debtors(tx, import_id=import_id, rows=people)
    staging.stage_accounts(tx, import_id=import_id, rows=debts)
    staging.insert_debtors(tx, **place)
    staging.insert_accounts(tx, **place)


def _debt(tx, number, row, *, creditor_id, debtor_id):
    return staging.StagedAccount(
        row_number=number,
        step="new",
        account_id=tx.new_id(),
        account_ref=row.account_ref,
        creditor_id=creditor_id,
        debtor_id=debtor_id,
        product=row.product,
        currency=row.currency,
        principal_minor=row.principal_minor,
        interest_minor=row.interest_minor,
        fees_minor=row.fees_minor,
        original_minor=row.original_minor,
        annual_rate=row.annual_rate,
        opened_on=row.opened_on,
        delinquent_since=row.delinquent_since,
        last_payment_on=row.last_payment_on,
        state=row.state,
        row_digest=tx.digest("row", row.canonical()),
    )


def import_once(url: str, lender_id: int, path: Path) -> None:
    """Import a file in this process; prints the counts, the seconds, and the highest resident memory in MiB."""
    lower_priority()
    pool = open_database(url=url, master_key=MASTER_KEY, new_id=new_id, pool_size=2)
    started = time.perf_counter()
    with path.open("rb") as stream:
        table = open_table(stream, name=path.name, columns=COLUMNS)
        done = import_accounts(
            pool.work(lender_id), table=table, options=Options(), places=PLACES, actor=SYSTEM, now=NOW
        )
    seconds = time.perf_counter() - started
    peak = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    print(json.dumps({**done.counts, "seconds": seconds, "peak": int(peak.split()[1]) / 1024}))


def run():
    ratios, again, ours, theirs = [], [], [], []
    with migrated() as (app, bulk):
        for pair in range(PAIRS):
            works, creditor = [], None
            for kind in ("file", "reference"):
                with create_lender(app, slug=f"{kind}-{pair}", name="Bench", settings={}, now=NOW) as tx:
                    creditor = save_creditor(tx, creditor_ref="Tamarind", brand_name="Tamarind", now=NOW)
                    works.append(bulk.work(tx.lender_id))
            rows = valid_rows(the_file(0))
            if pair % 2:
                theirs.append(the_reference(works[1], rows, creditor))
                ours.append(the_import(works[0], the_file(0)))
            else:
                ours.append(the_import(works[0], the_file(0)))
                theirs.append(the_reference(works[1], rows, creditor))
            started = time.perf_counter()
            table = open_table(the_file(0), name="bench.csv", columns=COLUMNS)
            import_accounts(works[0], table=table, options=Options(), places=PLACES, actor=SYSTEM, now=NOW)
            again.append((time.perf_counter() - started) / ours[-1])
            ratios.append(ours[-1] / theirs[-1])
    ratio = statistics.median(ratios)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rates = [f"{ROWS / statistics.median(times):,.0f} rows/s" for times in (ours, theirs)]
    same = statistics.median(again)
    print(
        f"first import of {ROWS:,} rows: {rates[0]}, reference {rates[1]}, ratio {ratio:.2f} (goal <= {GOAL})"
    )
    print(f"the same file again: {same:.2f} of the first time (goal <= 1.0); peak {memory} MiB")
    return ratio <= GOAL and same <= 1.0


if __name__ == "__main__":
    import_once(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))

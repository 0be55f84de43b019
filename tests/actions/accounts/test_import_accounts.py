import io
import json
import re
from datetime import datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from portal.store import accounts, debtors, imports, lenders, staging
from portal.store.tables.debtors import accounts as account_table
from portal.store.tables.debtors import debtors as debtor_table
from portal.store.tables.staging import staging_accounts, staging_debtors
from tests import build
from tests.actions.accounts.files import a_file, a_row, send
from tests.house.test_sql import hearing


def count(work, table):
    with work.read() as tx:
        return tx.execute(
            select(func.count()).select_from(table).where(table.c.lender_id == tx.lender_id)
        ).scalar_one()


def test_a_row_becomes_a_debtor_an_account_and_lines_that_add_up(bulk, work):
    done = send(bulk, a_row())
    assert done.state == "finished"
    assert done.counts | {"creditors_created": []} == {
        "rows": 1, "created": 1, "updated": 0, "unchanged": 0, "kept": 0, "rejected": 0, "debtors_created": 1,
        "creditors_created": [],
    }  # fmt: skip
    with work.read() as tx:
        account = accounts.find_account(tx, account_ref="AC-1")
        person = debtors.load_person(tx, debtor_id=account.debtor_id)
        lines = accounts.list_lines(tx, account_id=account.account_id)
        assert debtors.list_ids_by_name(tx, words="lopez", limit=5) == [account.debtor_id]
        assert debtors.find_id_by_phone(tx, phone="+12015550105") == [account.debtor_id]
    assert person.full_name == "Maria Lopez"
    assert person.birth_date.isoformat() == "1986-11-17"
    assert [(line.kind, line.amount_minor) for line in lines] == [
        ("principal", 120_000), ("interest", 18_640), ("fees", 3_000),
    ]  # fmt: skip
    assert sum(line.amount_minor for line in lines) == account.balance_minor
    assert count(bulk, staging_accounts) == count(bulk, staging_debtors) == 0


def test_an_import_tells_itself_once_and_not_each_account(bulk, work):
    send(bulk, a_row(1), a_row(2, full_name=""))
    told = build.events_of(work)
    assert [event.type for event in told] == ["import.finished"]
    assert {name: told[0].payload[name] for name in ("rows", "created", "rejected")} == {
        "rows": 2, "created": 1, "rejected": 1,
    }  # fmt: skip


def test_the_same_file_twice_changes_nothing_and_says_so(bulk, work):
    send(bulk, a_row(1), a_row(2))
    before = bulk_rows(work)
    again = send(bulk, a_row(1), a_row(2), now=build.NOW + timedelta(days=1))
    assert (again.counts["unchanged"], again.counts["created"], again.counts["updated"]) == (2, 0, 0)
    assert again.before == build.NOW
    assert bulk_rows(work) == before


def bulk_rows(work):
    with work.read() as tx:
        return [
            tx.execute(select(table).where(table.c.lender_id == tx.lender_id).order_by(table.c[1])).all()
            for table in (account_table, debtor_table)
        ]


def test_a_fresh_file_confirms_unchanged_figures_and_changes_only_what_differs(bulk, work):
    send(bulk, a_row(1), a_row(2))
    later = build.NOW + timedelta(days=1)
    done = send(bulk, a_row(1), a_row(2, fees="35.00", phone="+12015550199"), now=later)
    assert (done.counts["unchanged"], done.counts["updated"]) == (1, 1)
    with work.read() as tx:
        same = accounts.find_account(tx, account_ref="AC-1")
        changed = accounts.find_account(tx, account_ref="AC-2")
        lines = accounts.list_lines(tx, account_id=changed.account_id)
        assert debtors.load_person(tx, debtor_id=changed.debtor_id).phone == "+12015550199"
        assert debtors.load_person(tx, debtor_id=same.debtor_id).phone == "+12015550105"
    assert same.as_of == changed.as_of == later
    assert [line.amount_minor for line in lines] == [120_000, 18_640, 3_500]


def test_a_new_number_is_not_confirmed_and_the_language_stays_the_debtors(bulk, work):
    send(bulk, a_row(1))
    with work.begin() as tx:
        debtor_id = accounts.find_account(tx, account_ref="AC-1").debtor_id
        debtors.confirm_phone(tx, debtor_id=debtor_id, now=build.NOW)
        debtors.save_language(tx, debtor_id=debtor_id, language="es", now=build.NOW)
        debtors.mark_wrong_party(tx, debtor_id=debtor_id, now=build.NOW)
    send(bulk, a_row(1, email="maria@example.com"))
    with work.read() as tx:
        kept = debtors.find_debtor(tx, debtor_id=debtor_id)
    assert (kept.language, kept.phone_confirmed_at is None, kept.wrong_party_at is None) == (
        "es",
        False,
        False,
    )
    send(bulk, a_row(1, phone="+12015550177"))
    with work.read() as tx:
        fresh = debtors.find_debtor(tx, debtor_id=debtor_id)
    assert (fresh.phone_confirmed_at, fresh.wrong_party_at) == (None, None)


def test_one_debtor_with_several_accounts_over_several_batches(bulk, work, monkeypatch):
    monkeypatch.setattr("portal.actions.accounts.import_accounts.ROWS_AT_ONCE", 2)
    rows = [a_row(number, debtor_ref="P-1") for number in range(1, 8)]
    done = send(bulk, *rows)
    assert (done.counts["created"], done.counts["debtors_created"]) == (7, 1)
    assert count(work, debtor_table) == 1


def test_duplicates_and_contradictions_are_found_across_batches(bulk, monkeypatch):
    monkeypatch.setattr("portal.actions.accounts.import_accounts.ROWS_AT_ONCE", 2)
    done = send(
        bulk,
        a_row(1),
        a_row(2),
        a_row(3, debtor_ref="P-1", full_name="Somebody Else"),
        a_row(1, fees="1.00"),
        a_row(2),
    )
    assert [(number, one.reason) for number, one in done.rejects] == [
        (4, "row.person_differs"), (5, "row.duplicate"), (6, "row.duplicate"),
    ]  # fmt: skip
    again = send(bulk, a_row(1, fees="2.00"), a_row(2), a_row(1, fees="3.00"), a_row(2))
    assert (again.counts["updated"], again.counts["unchanged"], again.counts["rejected"]) == (1, 1, 2)


def test_rows_sent_back_are_kept_sealed_and_listed(bulk, work):
    done = send(bulk, a_row(1, full_name=""), a_row(2, date_of_birth="2529-11-17", phone="1"), a_row(3))
    with work.read() as tx:
        listed = imports.list_rejects(tx, import_id=done.import_id)
        kept = imports.find_import(tx, import_id=done.import_id)
        raw = tx.execute(imports.select(imports.import_rejects.c.details)).scalars().all()
    assert [(one.row_number, one.fault.column) for one in listed] == [
        (2, "full_name"), (3, "date_of_birth"), (3, "phone"),
    ]  # fmt: skip
    assert listed[1].fault.params == {"write": "1986-11-17"}
    assert not any(b"2529" in bytes(details) for details in raw)
    assert (kept.state, kept.counts["rejected"]) == ("finished", 2)


def test_many_rows_sent_back_are_walked_in_pages(bulk, work):
    done = send(bulk, *(a_row(number, full_name="", phone="1") for number in range(70)))
    with work.read() as tx:
        walked = list(imports.walk_rejects(tx, import_id=done.import_id, batch=1))
    assert [one.row_number for one in walked] == [row for row in range(2, 72) for _ in range(2)]


def test_a_dry_run_finds_the_same_and_keeps_nothing(bulk, work):
    rows = (a_row(1), a_row(1), a_row(2, fees="x"))
    tried = send(bulk, *rows, is_dry_run=True)
    assert (tried.state, tried.import_id) == ("checked", None)
    assert count(work, account_table) == 0
    assert build.events_of(work) == []
    with work.read() as tx:
        assert [one.brand_name for one in lenders.list_creditors(tx)] == ["Tamarind"]
    real = send(bulk, *rows)
    assert real.counts == tried.counts
    assert real.rejects == tried.rejects


@pytest.mark.parametrize("broken", ['"never closed', "x" * 200_000])
def test_a_file_that_breaks_at_its_end_leaves_nothing_behind(bulk, work, broken):
    rows = [a_row(number) for number in range(1, 30)]
    done = send(bulk, data=a_file(*rows) + broken.encode())
    assert (done.state, done.refused.reason) == ("refused", "file.quote_open")
    assert count(work, account_table) == 0
    assert build.events_of(work) == []


def test_a_creditor_is_found_by_reference_or_brand_and_created_once(bulk, work):
    done = send(
        bulk,
        a_row(1),
        a_row(2, creditor="Tamarind"),
        a_row(3, creditor="Lotus Pay"),
        a_row(4, creditor="Lotus Pay"),
    )
    assert done.counts["creditors_created"] == ["Lotus Pay"]
    with work.read() as tx:
        assert len(lenders.list_creditors(tx)) == 2


def test_a_column_of_nonsense_does_not_become_creditors(bulk):
    done = send(bulk, *(a_row(number, creditor=f"brand {number}") for number in range(60)))
    assert (done.counts["created"], done.counts["rejected"]) == (50, 10)
    assert done.rejects[0][1].reason == "creditor.too_many"


def test_current_and_closed_rows_are_taken_and_not_overdue(bulk, work):
    send(
        bulk, a_row(1, status="current", delinquent_since=""),
        a_row(2, status="closed", delinquent_since="", principal="0", interest="0", fees="0"),
    )  # fmt: skip
    with work.read() as tx:
        current, closed = (accounts.find_account(tx, account_ref=ref) for ref in ("AC-1", "AC-2"))
        assert accounts.list_lines(tx, account_id=closed.account_id) == []
    assert (current.state, current.delinquent_since) == ("open", None)
    assert (closed.state, closed.balance_minor) == ("closed", 0)


def test_another_lenders_rows_are_never_touched(bulk, bulk_database, database, work):
    other = build.a_lender(database)
    theirs = bulk_database.work(other.lender_id)
    send(bulk, a_row(1))
    done = send(theirs, a_row(1, fees="99.00"))
    assert done.counts["created"] == 1
    with work.read() as tx:
        assert accounts.find_account(tx, account_ref="AC-1").fees_minor == 3_000


def as_workbook(*rows):
    book = Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        typed = row | {
            "principal": float(row["principal"]),
            "annual_rate_percent": float(row["annual_rate_percent"]),
            "opened_on": datetime.fromisoformat(row["opened_on"]),
            "region": None,
        }
        book.active.append(list(typed.values()))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_json_lines(*rows):
    return "\n".join(
        json.dumps({name: value for name, value in row.items() if value}) for row in rows
    ).encode()


def test_csv_xlsx_and_json_lines_say_the_same(bulk):
    rows = [a_row(number, region="", full_name="ทับทิม เนื้อนุ่ม") for number in (1, 2)]
    assert send(bulk, *rows).counts["created"] == 2
    for data, kind in ((as_workbook(*rows), "xlsx"), (as_json_lines(*rows), "jsonl")):
        done = send(bulk, data=data)
        assert (done.reading["kind"], done.counts["unchanged"]) == (kind, 2), done


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5"])
def test_encodings_give_the_same_names(bulk, codec):
    rows = [a_row(number, full_name="陳家宏林淑芬", language="zh-Hant") for number in range(40)]
    send(bulk, *rows)
    again = send(bulk, data=a_file(*rows).decode().encode(codec))
    assert again.counts["unchanged"] == 40, again


def test_what_is_staged_is_found_by_its_index_in_a_plan_for_any_lender(bulk, bulk_database, database_urls):
    """Without it each batch of a known file would read all rows staged before it: an hour for a million."""
    send(bulk, a_row())
    with hearing(bulk_database.engine) as heard, bulk.begin() as tx:
        staging.known_accounts(tx, import_id=tx.new_id(), refs=["AC-1"])
    (statement,) = [one for one, _values in heard if "FROM staging_accounts" in one]
    for place, name in enumerate(re.findall(r"%\((\w+)\)s", statement), 1):
        statement = statement.replace(f"%({name})s", f"${place}")
    with psycopg.connect(database_urls["owner"]) as owner:
        owner.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        owner.execute("SET LOCAL enable_seqscan = off")
        owner.execute(
            "ALTER TABLE staging_accounts DROP CONSTRAINT staging_accounts_pkey"
        )  # it costs as little here
        owner.execute(f"PREPARE look AS {statement}")
        plan = owner.execute(f"EXPLAIN EXECUTE look (1, '{uuid4()}', '{{}}')").fetchall()
        owner.rollback()
    assert "staging_accounts_known_idx" in str(plan)


def test_a_whole_file_reports_what_it_lacks_and_deletes_nothing(bulk, work):
    send(bulk, a_row(1), a_row(2), a_row(3, status="closed", delinquent_since=""))
    done = send(bulk, a_row(2), a_row(4), is_whole=True)
    assert (done.counts["missing"], done.counts["unchanged"], done.counts["created"]) == (1, 1, 1)
    assert [(number, one.reason, one.value) for number, one in done.rejects] == [(4, "kept.missing", "AC-1")]
    with work.read() as tx:
        assert accounts.find_account(tx, account_ref="AC-1").state == "open"
    told = [event.payload for event in build.events_of(work) if event.type == "import.finished"]
    assert told[-1]["missing"] == 1
    assert "missing" not in told[0]

"""A file is kept, sealed, and a worker reads it later: told while it runs, once, and as if it had been sent now."""

import io

import pytest
from sqlalchemy import select

from portal.actions.imports.queue_import import confirm_import, queue_import
from portal.actions.imports.run_kept_import import run_kept_import
from portal.core.actors import LENDER_API
from portal.core.imports.files import Options
from portal.store import accounts, imports
from portal.store.tables.debtors import import_files
from tests import build
from tests.actions.accounts.files import PLACES, a_file, a_row


def queue(work, data, name="accounts.csv", **stated):
    return queue_import(
        work,
        file=io.BytesIO(data),
        name=name,
        options=Options(**stated),
        actor=LENDER_API,
        now=build.NOW,
    )


def run(work, bulk, import_id):
    return run_kept_import(work, bulk, import_id=import_id, places=PLACES, now=build.NOW)


def seen(work, import_id):
    with work.read() as tx:
        return imports.find_import(tx, import_id=import_id)


def kept(work, import_id):
    with work.read() as tx:
        found = select(import_files.c.content).where(
            import_files.c.lender_id == tx.lender_id, import_files.c.import_id == import_id
        )
        return [bytes(one) for one in tx.execute(found).scalars()]


def test_a_kept_file_is_imported_once_and_forgotten(work, bulk):
    import_id = queue(work, a_file(a_row(1), a_row(2, full_name="")))
    assert seen(work, import_id).state == "waiting"
    assert b"Maria" not in b"".join(kept(work, import_id))
    done = run(work, bulk, import_id)
    assert (done.state, done.import_id) == ("finished", import_id)
    found = seen(work, import_id)
    assert (found.state, found.counts["created"], found.counts["rejected"]) == ("finished", 1, 1)
    assert kept(work, import_id) == []
    assert run(work, bulk, import_id) is None
    told = [event for event in build.events_of(work) if event.type == "import.finished"]
    assert [event.payload["id"] for event in told] == [f"imp_{import_id}"]


def test_a_file_is_looked_at_first_and_then_imported_for_good(work, bulk):
    looked = queue(work, a_file(a_row(1), a_row(2, principal="x")), is_dry_run=True)
    assert run(work, bulk, looked).state == "checked"
    found = seen(work, looked)
    assert (found.state, found.counts["created"]) == ("checked", 1)
    with work.read() as tx:
        assert accounts.find_account(tx, account_ref="AC-1") is None
        assert [one.row_number for one in imports.list_rejects(tx, import_id=looked)] == [3]
    fresh = confirm_import(work, import_id=looked, actor=LENDER_API, now=build.NOW)
    assert kept(work, looked) == []
    assert run(work, bulk, fresh).state == "finished"
    for import_id in (looked, fresh):
        assert confirm_import(work, import_id=import_id, actor=LENDER_API, now=build.NOW) is None


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"PK\x03\x04nothing"])
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(work, bulk, data):
    import_id = queue(work, data)
    assert run(work, bulk, import_id).state == "refused"
    assert seen(work, import_id).state == "refused"
    with work.read() as tx:
        (one,) = imports.list_rejects(tx, import_id=import_id, after_row=-1)
    assert one.row_number == 0
    assert kept(work, import_id) == []


def test_how_far_it_is_is_told_while_it_runs(work, bulk, monkeypatch):
    monkeypatch.setattr("portal.actions.imports.run_kept_import.PROGRESS_SECONDS", 0)
    monkeypatch.setattr("portal.actions.accounts.import_accounts.ROWS_AT_ONCE", 2)
    told = []
    plain = imports.mark_progress
    monkeypatch.setattr(
        "portal.store.imports.mark_progress",
        lambda tx, **more: (told.append(more["rows"]), plain(tx, **more)),
    )
    import_id = queue(work, a_file(*(a_row(number) for number in range(5))))
    assert run(work, bulk, import_id).state == "finished"
    assert told == [0, 2, 4, 5]


def test_a_worker_that_dies_leaves_nothing_and_the_next_begins_anew(work, bulk, monkeypatch):
    import_id = queue(work, a_file(a_row(1), a_row(2)))

    def die(*_args, **_more):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("portal.actions.accounts.import_accounts.change_accounts", die)
        with pytest.raises(ConnectionError):
            run(work, bulk, import_id)
    assert seen(work, import_id).state == "running"
    assert run(work, bulk, import_id).counts["created"] == 2

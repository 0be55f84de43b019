"""Files at the desk: sent, looked at first, imported, taken back; a page that says how far it is."""

import io

import pytest

from portal.actions.imports.run_kept_import import run_kept_import
from portal.core.actors import SYSTEM
from portal.gateways.ids import new_id
from portal.store import accounts, events, imports
from portal.store.work import open_database
from tests import build
from tests.actions.accounts.files import PLACES, a_file, a_row


@pytest.fixture
def bulk(database_urls, lender):
    opened = open_database(url=database_urls["bulk"], master_key=build.MASTER_KEY, new_id=new_id, pool_size=1)
    yield opened.work(lender.lender_id)
    opened.engine.dispose()


def send(console, data, **more):
    return console.post(
        "/lender/imports",
        page="/lender/imports",
        file=(io.BytesIO(data), "accounts.csv"),
        date_order="ymd",
        **more,
    )


def work_off(work, bulk):
    with work.read() as tx:
        waiting = [one.import_id for one in imports.list_page(tx) if one.state == "waiting"]
    for import_id in waiting:
        run_kept_import(work, bulk, import_id=import_id, places=PLACES, now=build.NOW)


def test_a_file_is_looked_at_then_imported_then_taken_back(world, desk, work, bulk):
    console = desk("supervisor")
    sent = send(console, a_file(a_row(1), a_row(2, phone="=1+1")), looks_first="1")
    assert sent.status_code == 303, sent.get_data(as_text=True)
    page = console.text(sent.location)
    assert "It waits for its turn" in page
    assert "<progress" in page
    work_off(work, bulk)
    page = console.text(sent.location)
    assert "Looked at, nothing was kept" in page
    assert "It is not a telephone number" in page
    csv = console.get(f"{sent.location}/rejects.csv").get_data(as_text=True)
    assert "'=1+1" in csv
    with work.read() as tx:
        assert accounts.find_account(tx, account_ref="AC-1") is None
    real = console.post(f"{sent.location}/confirm", page=sent.location)
    work_off(work, bulk)
    assert "Accounts created" in console.text(real.location)
    with work.read() as tx:
        assert accounts.find_account(tx, account_ref="AC-1") is not None
    again = console.post(f"{sent.location}/confirm", page=real.location)
    assert again.status_code == 422
    undone = console.post(f"{real.location}/undo", page=real.location)
    assert undone.status_code == 303
    assert "Taken back" in console.text(undone.location)
    assert "Taken back" in console.text("/lender/imports")


def test_what_was_touched_stays_and_the_page_says_why(world, desk, work, bulk):
    console = desk("owner")
    sent = send(console, a_file(a_row(1)))
    work_off(work, bulk)
    with work.begin() as tx:
        found = accounts.find_account(tx, account_ref="AC-1")
        tell(tx, found)
    refused = console.post(f"{sent.location}/undo", page=sent.location)
    assert refused.status_code == 422
    assert "Something happened to its accounts since" in refused.get_data(as_text=True)


def tell(tx, account):
    events.append(
        tx,
        type="account.held",
        actor=SYSTEM,
        at=build.NOW,
        payload={"cause": "adviser"},
        account_ref=account.account_ref,
        creditor_ref=account.creditor_ref,
    )


def test_no_file_is_said_so_and_who_may_not_send_does_not(world, desk):
    console = desk("owner")
    empty = console.post("/lender/imports", page="/lender/imports", date_order="ymd")
    assert empty.status_code == 422
    assert "Choose a file" in empty.get_data(as_text=True)
    auditor = desk("auditor")
    assert "Send a file" not in auditor.text("/lender/imports")
    assert send(auditor, a_file(a_row(1))).status_code == 403


def test_the_state_alone_is_a_fragment(world, desk):
    console = desk("owner")
    sent = send(console, a_file(a_row(1)))
    part = console.get(sent.location, headers={"HX-Request": "true", "HX-Target": "import-state"})
    text = part.get_data(as_text=True)
    assert text.lstrip().startswith("<section")
    assert "<html" not in text


def test_a_strange_file_is_refused_in_words(world, desk, work, bulk):
    console = desk("owner")
    sent = send(console, b"PK\x03\x04nothing")
    work_off(work, bulk)
    page = console.text(sent.location)
    assert "The file was not taken" in page
    assert "The workbook cannot be read" in page

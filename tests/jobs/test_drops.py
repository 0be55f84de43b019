"""Files that come by SFTP: imported like any other, put away with a report, never twice."""

import json
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest

from portal.gateways.drop_folder import DropFolder
from portal.jobs import drops
from portal.jobs.drops import options_for, watch, watch_drops
from portal.jobs.imports import import_kept
from portal.store import imports, lenders
from tests import build
from tests.actions.accounts.files import a_file, a_row
from tests.gateways.test_drop_folder import drop, names
from tests.jobs.test_imports import house  # noqa: F401 - a fixture


@pytest.fixture
def root(tmp_path, lender):
    folder = tmp_path / lender.slug
    (folder / "in").mkdir(parents=True)
    return folder


@pytest.fixture
def own(database, lender):
    with database.shared().begin() as tx:
        lenders.save_settings(tx, lender_id=lender.lender_id, settings={"language": "es"})
        return lenders.find_lender(tx, lender_id=lender.lender_id)


def work_off(house, work):  # noqa: F811
    """Do what the import lane would do."""
    with work.read() as tx:
        waiting = [one.import_id for one in imports.list_page(tx) if one.state in {"waiting", "running"}]
    for import_id in waiting:
        import_kept(house, lender_id=work.lender_id, import_id=import_id)


def states(work):
    with work.read() as tx:
        return [(one.file_name, one.kind, one.state) for one in imports.list_page(tx)]


def report(root, place):
    (path,) = (root / place).glob("*.report.json")
    return json.loads(path.read_text())


def test_a_file_goes_in_and_comes_back_with_its_report(house, work, root, own):  # noqa: F811
    drop(root, "accounts-whole-1.csv", a_file(a_row(1), a_row(2, currency="XXX")))
    folder = DropFolder(root)
    assert watch(house, own, folder) == 1
    assert watch(house, own, folder) == 1, "it waits for its turn"
    assert states(work) == [("accounts-whole-1.csv", "accounts", "waiting")]
    work_off(house, work)
    watch(house, own, folder)
    assert names(root, "working") == []
    told = report(root, "done")
    assert (told["state"], told["counts"]["created"], told["counts"]["rejected"]) == ("finished", 1, 1)
    assert told["counts"]["missing"] == 0
    (rejects,) = (root / "done").glob("*.rejects.csv")
    assert "No es un código de moneda" in rejects.read_text(), "in the lender's language"
    assert watch(house, own, folder) == 0


@pytest.mark.parametrize(
    ("name", "stated", "reason"),
    [
        ("customers.csv", "", "file.kind"),
        ("accounts.csv", "{", "file.options"),
        ("accounts.csv", '{"is_dry_run": true}', "file.options"),
        ("accounts.csv", '{"date_order": "ydm"}', "file.options"),
        ("accounts.csv", '{"mapping": 5}', "file.options"),
    ],
)
def test_what_cannot_be_begun_comes_back_at_once(house, work, root, own, name, stated, reason):  # noqa: F811
    if stated:
        (root / "import.json").write_text(stated)
    drop(root, name, a_file(a_row(1)))
    watch(house, own, DropFolder(root))
    assert states(work) == []
    assert report(root, "failed")["reason"] == reason


def test_a_file_that_cannot_be_read_fails_with_its_reason(house, work, root, own):  # noqa: F811
    drop(root, "recalls.csv", b"account_ref\nAC-1\n")
    folder = DropFolder(root)
    watch(house, own, folder)
    work_off(house, work)
    watch(house, own, folder)
    assert report(root, "failed")["state"] == "refused"
    (rejects,) = (root / "failed").glob("*.rejects.csv")
    assert "reason" in rejects.read_text()


def test_options_stand_beside_the_files(house, work, root, own):  # noqa: F811
    (root / "import.json").write_text('{"date_order": "dmy", "separator": "semicolon"}')
    row = a_row(1, opened_on="05/03/2024", delinquent_since="03/08/2026", date_of_birth="17/11/1986")
    drop(root, "accounts.csv", a_file(row).replace(b",", b";"))
    watch(house, own, DropFolder(root))
    work_off(house, work)
    with work.read() as tx:
        (one,) = imports.list_page(tx)
    assert one.counts["created"] == 1, one


class KilledError(BaseException):
    """Stands for kill -9: nothing in the code can catch it."""


@pytest.mark.parametrize("where", ["queue_import", "write_rejects", "put_away", "rename"])
def test_whoever_dies_anywhere_the_file_is_imported_once(house, work, root, own, monkeypatch, where):  # noqa: F811
    drop(root, "accounts.csv", a_file(a_row(1), a_row(2, currency="XXX")))
    folder = DropFolder(root)

    def die_after(owner, name):
        plain = getattr(owner, name)

        def dying(*args, **named):
            plain(*args, **named)
            raise KilledError

        return lambda patch: patch.setattr(owner, name, dying)

    planted = {
        "queue_import": die_after(drops, "queue_import"),
        "write_rejects": die_after(drops, "write_rejects"),
        "put_away": die_after(DropFolder, "put_away"),
        "rename": die_after(DropFolder, "take"),
    }[where]
    for _ in range(3):
        with monkeypatch.context() as patch:
            planted(patch)
            with suppress(KilledError):
                watch(house, own, folder)
        work_off(house, work)
    watch(house, own, folder)
    work_off(house, work)
    watch(house, own, folder)
    assert states(work) == [("accounts.csv", "accounts", "finished")]
    assert [event.type for event in build.events_of(work)] == ["import.finished"]
    assert len(names(root, "done")) == 3
    assert names(root, "working") == []


def test_the_job_looks_at_every_lender_that_has_a_folder(house, work, root, own):  # noqa: F811
    drop(root, "accounts.csv", a_file(a_row(1)))
    there = replace(house, settings=replace(house.settings, drop_folder=str(root.parent)))

    watch_drops.func(SimpleNamespace(additional_context={"house": house}), 0)
    assert states(work) == []
    watch_drops.func(SimpleNamespace(additional_context={"house": there}), 0)
    assert states(work) == [("accounts.csv", "accounts", "waiting")]


def test_a_name_says_what_a_file_holds():
    assert options_for("Transactions_2026-12-01.csv", {}).kind == "transactions"
    assert options_for("lines.jsonl", {"decimal": "comma"}).decimal == "comma"
    assert options_for("recalls-whole.csv", {}).is_whole is False
    assert options_for("accountsX.csv", {}) is None

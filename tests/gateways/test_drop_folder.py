"""Only what arrived whole is taken, once, and nothing but plain files is opened."""

import json
import os
import time

import pytest

from portal.gateways.drop_folder import SETTLED_SECONDS, DropFolder, OptionsError


@pytest.fixture
def root(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path


def drop(root, name, content=b"a,b\n", *, age=2 * SETTLED_SECONDS):
    path = root / "in" / name
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def names(root, place):
    return sorted(path.name for path in (root / place).iterdir())


def test_what_is_still_on_its_way_stays(root):
    for name in ("accounts.csv.part", ".accounts.csv", "accounts.csv.filepart", "accounts.TMP"):
        drop(root, name)
    drop(root, "accounts.csv", age=0)
    assert DropFolder(root).take() == []
    assert len(names(root, "in")) == 5


def test_what_is_whole_is_taken_once_and_named_for_good(root):
    drop(root, "accounts-1.csv")
    folder = DropFolder(root)
    (one,) = folder.take()
    assert one.own_name == "accounts-1.csv"
    assert names(root, "in") == []
    assert DropFolder(root).take() == [one], "who comes after a crash finds the same file under the same name"
    assert one.import_id(lender_id=1) == one.import_id(lender_id=1)
    assert one.import_id(lender_id=1) != one.import_id(lender_id=2)
    assert one.import_id(lender_id=1).version == 7
    with folder.open(one) as file:
        assert file.read() == b"a,b\n"


def test_links_folders_and_pipes_are_never_opened(root):
    (root / "secret.txt").write_text("root:x:0")
    (root / "in" / "accounts.csv").symlink_to(root / "secret.txt")
    (root / "in" / "accounts-dir").mkdir()
    os.mkfifo(root / "in" / "accounts-pipe")
    folder = DropFolder(root, settled_seconds=-1)
    assert folder.take() == []
    stamp = "20261201T090000.000000Z"
    (root / "working" / f"{stamp}-accounts.csv").symlink_to(root / "secret.txt")
    (one,) = folder.take()
    with pytest.raises(OSError, match="symbolic"):
        folder.open(one)


def test_a_file_is_put_away_with_its_report_and_again_after_a_crash(root, monkeypatch):
    drop(root, "accounts.csv")
    folder = DropFolder(root)
    (one,) = folder.take()
    for _ in range(2):
        folder.put_away(one, place="done", report={"state": "finished"}, rejects=["row\n", "2\n"])
    assert names(root, "working") == []
    assert names(root, "done") == [one.name, f"{one.name}.rejects.csv", f"{one.name}.report.json"]
    assert json.loads((root / "done" / f"{one.name}.report.json").read_text())["state"] == "finished"
    assert (root / "done" / f"{one.name}.rejects.csv").read_text() == "row\n2\n"


@pytest.mark.parametrize("text", ["{", "[]", "5"])
def test_options_that_are_none_are_said(root, text):
    folder = DropFolder(root)
    assert folder.options() == {}
    (root / "import.json").write_text(text)
    with pytest.raises(OptionsError):
        folder.options()


def test_options_are_read_beside_the_files(root):
    (root / "import.json").write_text('{"date_order": "dmy"}')
    assert DropFolder(root).options() == {"date_order": "dmy"}

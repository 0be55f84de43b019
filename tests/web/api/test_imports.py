import base64
import io
import json
from pathlib import Path

import pytest

from tests.actions.accounts.files import a_file, a_row

VECTORS = Path(__file__).parents[4] / "shared" / "vectors"
SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
here = pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not here")
CSV = {"content_type": "text/csv"}


def test_a_file_is_sent_looked_at_and_its_rejects_downloaded(machine):
    sent = machine.post(
        "/imports?file_name=monday.csv", data=a_file(a_row(1), a_row(2, full_name="", phone="=1+1")), **CSV
    )
    assert sent.status_code == 201, sent.json
    assert (sent.json["counts"]["created"], sent.json["counts"]["rejected"]) == (1, 1)
    assert [one["column"] for one in sent.json["rejects"]] == ["full_name", "phone"]
    seen = machine.client.get(sent.headers["Location"], headers=machine.headers)
    assert seen.json["counts"] == sent.json["counts"]
    assert seen.json["rejects"] == sent.json["rejects"]
    assert seen.json["reading"]["encoding"] == "utf-8"
    rows = machine.client.get(sent.json["rejects_csv"], headers=machine.headers)
    assert rows.mimetype == "text/csv"
    lines = rows.get_data(as_text=True).splitlines()
    assert lines[0] == "row,column,value,reason,detail,fix"
    assert lines[2].startswith("3,phone,'=1+1,phone.invalid,"), "no spreadsheet runs it"


def test_a_form_carries_a_file_too_and_the_same_key_imports_once(machine):
    def form():
        return {"file": (io.BytesIO(a_file(a_row(1))), "accounts.csv")}

    first = machine.post("/imports", data=form(), content_type="multipart/form-data", key="k")
    again = machine.post("/imports", data=form(), content_type="multipart/form-data", key="k")
    assert first.json == again.json
    assert again.headers["Location"] == first.headers["Location"]
    third = machine.post("/imports", data=form(), content_type="multipart/form-data")
    assert third.json["counts"]["unchanged"] == 1
    assert third.json["imported_before"] is not None


def test_a_dry_run_answers_and_keeps_nothing(machine):
    tried = machine.post("/imports?dry_run=true", data=a_file(a_row(1), a_row(1)), **CSV)
    assert (tried.status_code, tried.json["state"], tried.json["id"]) == (200, "checked", None)
    assert tried.json["rejects"][0]["reason"] == "row.duplicate"
    assert machine.get("/accounts").json["accounts"] == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/imports?date_order=ydm", "date_order"),
        ("/imports?encoding=klingon", "encoding"),
        ("/imports?dry_run=yes", "dry_run"),
        ("/imports?separator=pipe", "separator"),
        ("/imports?speed=fast", "speed"),
    ],
)
def test_an_option_that_does_not_exist_is_named(machine, path, field):
    answer = machine.post(path, data=a_file(a_row(1)), **CSV)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, field)


def test_a_column_by_another_name_is_mapped_and_remembered(machine):
    data = a_file(a_row(1)).replace(b"status", b"Zustand", 1)
    assert machine.post("/imports", data=data, **CSV).json["errors"][0]["reason"] == "file.columns"
    assert machine.post("/imports?map=zustand%3Dstatus", data=data, **CSV).status_code == 201
    assert machine.post("/imports", data=data, **CSV).json["counts"]["unchanged"] == 1
    assert machine.post("/imports?map=zustand", data=data, **CSV).status_code == 400
    wrong = machine.post("/imports?map=zustand%3Dstate", data=data, **CSV)
    assert wrong.json["errors"][0]["reason"] == "file.mapping"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file.empty"),
        (b"a,b\n1,2\n", "file.columns"),
        (a_file(a_row(1)) + b'"open', "file.quote_open"),
        (b"PK\x03\x04" + bytes(50), "workbook.broken"),
        (bytes(1000), "file.binary"),
        (b"\xff\xfe\x00", "file.separator_unclear"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_fix(machine, data, reason):
    answer = machine.post("/imports", data=data, **CSV)
    assert answer.status_code == 422
    (error,) = answer.json["errors"]
    assert error["reason"] == reason
    assert error["fix"]


def test_other_media_and_forms_without_a_file_are_refused(machine):
    assert machine.post("/imports", data=b"x", content_type="image/png").status_code == 415
    answer = machine.post("/imports", data={"other": "x"}, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, "file")
    for path in ("/imports/none", "/imports/none/rejects.csv"):
        assert machine.get(path).status_code == 404


def test_without_the_bulk_role_imports_say_so(machine, app):
    services = app.extensions["portal"]
    plain = {name: getattr(services.settings, name) for name in services.settings.__slots__}
    settings = type(services.settings)(**plain | {"bulk_database_url": None})
    app.extensions["portal"] = type(services)(**vars(services) | {"settings": settings})
    assert machine.post("/imports", data=a_file(a_row(1)), key="k", **CSV).status_code == 503
    app.extensions["portal"] = services
    assert machine.post("/imports", data=a_file(a_row(1)), key="k", **CSV).status_code == 201


@here
def test_every_file_of_the_csv_spectrum_is_refused_clearly(machine):
    for case in json.loads((VECTORS / "csv_spectrum.json").read_text())["cases"]:
        answer = machine.post("/imports", data=base64.b64decode(case["csv_base64"]), **CSV)
        assert (answer.status_code, answer.json["errors"][0]["reason"]) == (422, "file.columns"), case["id"]


@here
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("accounts-br-semicolon-latin1.csv", "?date_order=dmy"),
        ("accounts-cn-gb18030.csv", ""),
        ("accounts-tw-utf8bom.csv", ""),
        ("accounts-th-utf8.csv", ""),
        ("accounts-vn-tab.csv", ""),
    ],
)
def test_the_sample_files_are_taken_whole(machine, name, options):
    done = machine.post(f"/imports{options}", data=(SAMPLES / name).read_bytes(), **CSV)
    assert (done.status_code, done.json["counts"]["created"]) == (201, 60)
    assert "encoding" in done.json["reading"]["detected"] or "utf8bom" in name


def test_a_file_that_need_not_be_waited_for_is_kept_for_a_worker(machine, work):
    sent = machine.post("/imports?wait=false", data=a_file(a_row(1)), **CSV)
    assert (sent.status_code, sent.json["state"]) == (202, "waiting")
    place = sent.headers["Location"].removeprefix("/api/v1")
    assert machine.get(place).json["state"] == "waiting"
    assert machine.post(f"{place}/undo").json["reason"] == "not_finished"


def test_a_large_file_is_never_waited_for(machine, monkeypatch):
    monkeypatch.setattr("portal.web.api.imports.WAIT_BYTES_MAX", 10)
    assert machine.post("/imports?dry_run=true", data=a_file(a_row(1)), **CSV).status_code == 202


def test_an_import_is_taken_back_once(machine):
    sent = machine.post("/imports", data=a_file(a_row(1)), **CSV)
    place = sent.headers["Location"].removeprefix("/api/v1")
    assert machine.post(f"{place}/undo", {"reason": "wrong_file"}).json["state"] == "undone"
    assert machine.get("/accounts/AC-1").status_code == 404
    assert machine.post(f"{place}/undo").status_code == 409
    assert machine.post("/imports/nothing/undo").status_code == 404


def test_a_file_of_recalls_goes_through_the_same_door(machine):
    sent = machine.post(
        "/imports?kind=recalls", data=b"account_ref,reason\nnobody,sold\n", content_type="text/csv"
    )
    assert sent.status_code == 201
    body = sent.get_json()
    assert (body["kind"], body["counts"]["rejected"]) == ("recalls", 1)
    assert body["rejects"][0]["reason"] == "row.account_unknown"
    refused = machine.post("/imports?kind=recalls&whole=true", data=b"a\n1\n", content_type="text/csv")
    assert refused.status_code == 422


@pytest.mark.parametrize("query", ["map=a%00%3Daccount_ref", "&".join(["map=a%3Dfees"] * 25), "kind=gifts"])
def test_options_that_are_none_are_refused(machine, query):
    sent = machine.post(f"/imports?{query}", data=b"a\n1\n", content_type="text/csv")
    assert sent.status_code == 400

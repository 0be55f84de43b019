"""The shared cases where they are present, and the runner itself on cases made up here."""

import json
from pathlib import Path

import pytest

from tests.conformance.__main__ import main, run
from tests.conformance.families import FAMILIES, family_of
from tests.conformance.verdicts import inputs_of

SHARED = Path(__file__).resolve().parents[3] / "shared" / "vectors"
FILES = sorted(SHARED.glob("*.json")) if SHARED.is_dir() else []


@pytest.mark.skipif(not FILES, reason="the shared cases are not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_shared_case_fails(path):
    counts, reasons, failures = run(path)
    assert not failures
    assert counts["passed"] or set(reasons) == {"no arithmetic of this product"}


def write(folder, name, *cases):
    (folder / name).write_text(json.dumps({"cases": cases}), encoding="utf-8")


def test_a_wrong_figure_fails_the_run(tmp_path, capsys):
    days = {"convention": "30/360 BondBasis", "start": "2006-08-20", "end": "2007-02-20"}
    good = {"id": "good", **days, "expected_days": 180}
    write(tmp_path, "daycount_made_up.json", good)
    assert main([str(tmp_path)]) == 0
    odd = {"id": "odd", **days, "convention": "by moon", "expected_days": 180}
    write(tmp_path, "daycount_made_up.json", good, {"id": "bad", **days, "expected_days": 181}, odd)
    assert main([str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "daycount_made_up passed=1 failed=1 not_applicable=1 (no day count by moon 1)" in told
    assert "bad: 180 instead of 181" in told


def test_the_runner_asks_for_a_folder_with_cases(tmp_path):
    assert main([]) == 2
    assert main([str(tmp_path)]) == 2


def test_a_case_that_crashes_is_a_failure(tmp_path):
    write(tmp_path, "otp.json", {"id": "broken"})
    assert main([str(tmp_path)]) == 1


def test_adapters_never_see_what_is_expected():
    case = {"id": 1, "start": 2, "expected": 3, "expected_rows": 4, "our_value": 5, "valid": True}
    assert inputs_of(case) == {"id": 1, "start": 2}
    strip = FAMILIES["schedules_fineract_replay"].strip
    stripped = strip(
        {"id": 1, "timeline": [{"expect": {"rows": []}}, {"event": "charge_off"}], "expected": 2}
    )
    assert stripped == {"id": 1, "timeline": [{"check": "expect"}, {"event": "charge_off"}]}


def test_families_are_known_by_the_beginning_of_their_name():
    assert family_of("money_format_cldr_more") is FAMILIES["money_format_cldr"]
    assert family_of("people_by_locale") is None

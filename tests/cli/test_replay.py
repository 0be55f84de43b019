import json

from click.testing import CliRunner

from portal.cli.main import main
from tests.core.negotiation.test_replay import a_record


def run(path):
    return CliRunner().invoke(main, ["replay", str(path)])


def test_equal_records_pass_and_a_changed_one_fails(tmp_path):
    good, bad = a_record(1), a_record(2)
    bad["answer"]["offers"][0]["plan"]["total"] += 1
    one, lines = tmp_path / "one.json", tmp_path / "lines.jsonl"
    one.write_text(json.dumps(good))
    lines.write_text("\n".join(json.dumps(record) for record in (good, bad, {"facts": {}})))
    assert run(one).exit_code == 0
    found = run(lines)
    assert found.exit_code == 1
    assert "1 of 3 equal" in found.output
    assert "differs in offers" in found.output
    assert "unreadable" in found.output


def test_what_is_not_json_is_told(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("{ not json\nat all")
    assert run(path).exit_code == 1

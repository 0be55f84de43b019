"""The demo's environment: composed from files that stay, and the checks' order."""

import json
import os
import socket
import sys

import pytest
from click.testing import CliRunner

from portal.cli import checks, environment
from portal.cli.main import COMMANDS, main
from portal.cli.postgres import DatabaseError
from portal.cli.roles import Addresses
from portal.cli.upkeep import travel
from portal.settings import Settings

ADDRESSES = Addresses(owner="postgresql://o@h/p", app="postgresql://a@h/p", bulk="postgresql://b@h/p")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A demo of this test's own."""
    monkeypatch.setattr(environment, "DEMO", tmp_path / "demo")
    monkeypatch.setattr(environment, "DEMO_SERVER", tmp_path / "pg")
    for name in list(os.environ):
        if name.startswith(("PORTAL_", "STRIPE_", "DATABASE_")):
            monkeypatch.delenv(name)
    return tmp_path / "demo"


def compose(environ=None):
    return environment.demo_environment(ADDRESSES, environment.choose_ports(), environ or {})


def test_ports_and_secrets_stay_the_same_so_that_links_and_sealed_rows_do(folder):
    first = compose()
    assert compose() == first
    assert Settings.from_environment(first).environment == "demo"
    assert oct((folder / "master_key").stat().st_mode)[-3:] == "600"
    assert set(environment.kept_ports()) == set(environment.PORTS)


def test_a_taken_port_gives_way_to_another_which_is_kept(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        held = taken.getsockname()[1]
        folder.mkdir(parents=True)
        (folder / "ports.json").write_text(json.dumps({"web": held, "inbox": held}))
        chosen = environment.choose_ports()
    assert held not in chosen.values()
    assert environment.kept_ports() == chosen


def test_ports_differ_from_each_other(folder):
    chosen = environment.choose_ports()
    assert len(set(chosen.values())) == len(chosen)


def test_real_keys_of_the_caller_go_before_the_stand_ins(folder):
    own = {"STRIPE_SECRET_KEY": "sk_test_mine", "PORTAL_SMS_URL": "https://sms.example.org/send"}
    settings = Settings.from_environment(compose(own))
    assert settings.stripe_secret_key == "sk_test_mine"
    assert settings.stripe_api_base == "https://api.stripe.com"
    assert settings.sms_gateway_url == "https://sms.example.org/send"
    stand_in = Settings.from_environment(compose())
    assert stand_in.stripe_api_base.startswith("http://127.0.0.1:")


def test_a_command_without_an_environment_and_without_a_demo_says_so(folder):
    with pytest.raises(environment.NoDemoError, match=r"portal\.sh demo"), environment.command_settings():
        pass


def test_a_command_works_in_the_environment_that_it_is_given(folder, monkeypatch):
    monkeypatch.setenv("PORTAL_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal_app@h/portal")
    with environment.command_settings() as settings:
        assert settings.environment == "test"


def test_a_database_of_the_caller_is_used_as_it_is_or_refused_in_a_sentence(folder, database_urls):
    given = {"DATABASE_URL": database_urls["app"], "PORTAL_OWNER_DATABASE_URL": database_urls["owner"]}
    assert environment.own_server(given) is None
    found = environment.addresses_of(None, given)
    assert (found.app, found.owner) == (database_urls["app"], database_urls["owner"])
    with pytest.raises(DatabaseError, match="PORTAL_OWNER_DATABASE_URL"):
        environment.addresses_of(None, {"DATABASE_URL": database_urls["app"]})
    with pytest.raises(DatabaseError, match="cannot be reached"):
        environment.addresses_of(None, {"DATABASE_URL": "postgresql://x@127.0.0.1:9/x"})


def test_time_travel_needs_the_demo(folder, monkeypatch):
    monkeypatch.setenv("PORTAL_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal_app@h/portal")
    answer = CliRunner().invoke(travel, ["--days", "1"])
    assert answer.exit_code == 1
    assert "only the demo travels" in answer.output
    monkeypatch.setenv("PORTAL_TIME_TRAVEL", str(folder.parent / "clock"))
    assert CliRunner().invoke(travel, ["--days", "1", "--hours", "-2"]).exit_code == 0
    assert (folder.parent / "clock").read_text() == str(22 * 3600)


def test_the_first_failing_gate_stops_the_checks_with_its_code(monkeypatch):
    seen = []
    gates = {"one": ("good",), "two": ("bad",), "three": ("good",)}
    monkeypatch.setattr(checks, "GATES", gates)
    monkeypatch.setattr(checks, "run", lambda words, _: seen.append(words) or (7 if words == ("bad",) else 0))
    assert checks.first_failing_gate({}) == 7
    assert seen == [("good",), ("bad",)]


def test_the_exit_code_of_pytest_is_the_exit_code(monkeypatch):
    monkeypatch.setenv("PORTAL_TEST_SERVER", "postgresql://somewhere")
    quick = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    assert checks.run_pytest(["--no-such-option"], quick) == 4
    assert checks.run([sys.executable, "-c", "raise SystemExit(5)"], os.environ) == 5


@pytest.mark.parametrize("name", sorted(set(main.list_commands(None)) - {"test"}))
def test_every_command_that_is_there_explains_itself(name):
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert COMMANDS[name]

"""Starts the product in each way that production refuses, and expects a non-zero exit that says why."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from portal.cli.refusals import DatabaseFacts, read_facts, refusals
from portal.cli.serve import serve
from portal.settings import TEST_MASTER_KEY, TEST_SECRET_KEY, Settings
from portal.store.schema import newest_revision
from tests import build

ROOT = Path(__file__).parents[2]
GOOD_FACTS = {
    "revision": "7",
    "newest_revision": "7",
    "unforced_tables": (),
    "owned_tables": (),
    "is_above_row_security": False,
    "demo_lenders": (),
}
BAD_SETTINGS = [
    ("PORTAL_SECRET_KEY", TEST_SECRET_KEY, "PORTAL_SECRET_KEY is weak"),
    ("PORTAL_SECRET_KEY", "short", "PORTAL_SECRET_KEY is weak"),
    ("PORTAL_SECRET_KEY", "a" * 64, "PORTAL_SECRET_KEY is weak"),
    ("PORTAL_SECRET_KEY", "please-change-me-to-something-longer", "PORTAL_SECRET_KEY is weak"),
    ("PORTAL_MASTER_KEY", TEST_MASTER_KEY, "PORTAL_MASTER_KEY is weak"),
    ("PORTAL_MASTER_KEY", "A" * 43 + "=", "PORTAL_MASTER_KEY is weak"),
    ("PORTAL_BASE_URL", "http://help.example.org", "PORTAL_BASE_URL is not https"),
    ("PORTAL_DEBUG", "1", "PORTAL_DEBUG is on"),
    ("PORTAL_DEMO_LOGINS", "1", "PORTAL_DEMO_LOGINS is on"),
    ("PORTAL_TIME_TRAVEL", "clock", "PORTAL_TIME_TRAVEL is on"),
    ("PORTAL_COOKIE_SECURE", "0", "PORTAL_COOKIE_SECURE is off"),
    ("PORTAL_CONTENT_LENGTH_MAX", "0", "PORTAL_CONTENT_LENGTH_MAX"),
    ("PORTAL_CONNECTIONS_MAX", "100", "PORTAL_CONNECTIONS_MAX is below"),
    ("PORTAL_SMS_URL", "http://127.0.0.1:9000/messages", "PORTAL_SMS_URL leads to a sink"),
    ("STRIPE_API_BASE", "http://localhost:9000", "STRIPE_API_BASE leads to a stand-in"),
    ("PORTAL_ENV", "staging", "PORTAL_ENV must be one of"),
    ("DATABASE_URL", "", "DATABASE_URL is not set"),
    ("DATABASE_URL", "postgresql://portal_app@127.0.0.1:9/portal", "cannot be asked"),
]


@pytest.fixture
def good(database_urls):
    """The environment of a careful production on this test's database."""
    return {
        "DATABASE_URL": database_urls["app"],
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_MASTER_KEY": "3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ+vs=",
        "PORTAL_BASE_URL": "https://help.example.org",
    }


def start(environ):
    return CliRunner().invoke(serve, ["--port", "0"], env=environ)


@pytest.mark.parametrize(("name", "text_given", "reason"), BAD_SETTINGS)
def test_serve_refuses(good, monkeypatch, name, text_given, reason):
    for variable in list(os.environ):
        if variable.startswith(("PORTAL_", "STRIPE_", "DATABASE_")):
            monkeypatch.delenv(variable)
    answer = start({**good, name: text_given})
    assert answer.exit_code != 0
    assert "not started" in answer.output
    assert reason in answer.output


def test_a_careful_production_is_not_refused(good, database_urls):
    settings = Settings.from_environment(good)
    engine = create_engine(database_urls["app"])
    facts = read_facts(engine)
    engine.dispose()
    assert facts.revision == facts.newest_revision == newest_revision()
    assert refusals(settings, facts) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"revision": "6"}, "the schema is 6"),
        ({"revision": None}, "the schema is None"),
        ({"unforced_tables": ("events",)}, "row security is not forced on events"),
        ({"owned_tables": tuple("abcdefg")}, "owns a, b, c, d, e and 2 more"),
        ({"is_above_row_security": True}, "superuser or bypasses"),
        ({"demo_lenders": ("northwind",)}, "demo data is in the database: northwind"),
    ],
)
def test_facts_that_are_refused_in_production_only(good, changes, reason):
    facts = DatabaseFacts(**{**GOOD_FACTS, **changes})
    told = refusals(Settings.from_environment(good), facts)
    assert len(told) == 1
    assert reason in told[0]
    assert refusals(Settings.from_environment({**good, "PORTAL_ENV": "demo"}), facts) == []


def test_serve_refuses_roles_that_stand_above_row_security(good, database_urls):
    assert "owns" in start({**good, "DATABASE_URL": database_urls["owner"]}).output
    bulk = start({**good, "DATABASE_URL": database_urls["bulk"]})
    assert bulk.exit_code != 0
    assert "bypasses row security" in bulk.output


def test_serve_refuses_a_table_without_forced_row_security_and_a_foreign_schema(good, database_urls):
    owner = create_engine(database_urls["owner"])
    try:
        with owner.begin() as connection:
            connection.execute(text("ALTER TABLE creditors NO FORCE ROW LEVEL SECURITY"))
            connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        answer = start(good)
    finally:
        with owner.begin() as connection:
            connection.execute(text("ALTER TABLE creditors FORCE ROW LEVEL SECURITY"))
            connection.execute(
                text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest_revision()}
            )
        owner.dispose()
    assert answer.exit_code != 0
    assert "row security is not forced on creditors" in answer.output
    assert "the schema is older" in answer.output


def test_serve_refuses_demo_data(good, database):
    lender = build.a_lender(database, settings={"is_demo": True})
    answer = start(good)
    with database.shared().begin() as tx:
        tx.execute(text("UPDATE lenders SET settings = '{}' WHERE lender_id = :id"), {"id": lender.lender_id})
    assert answer.exit_code != 0
    assert f"demo data is in the database: {lender.slug}" in answer.output


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("work",), ("deliver",), ()])
def test_the_real_process_ends_with_a_code(good, words):
    environ = {**os.environ, **good, "PORTAL_DEBUG": "1"}
    command = ["-m", "portal.cli.main", *words] if words else ["wsgi.py"]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "PORTAL_DEBUG is on" in done.stderr

"""Each step goes up and down, the schema it makes is the one that the code knows, and HEAD names the last."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, inspect

from portal.store.schema import current_revision, downgrade, newest_revision, upgrade
from portal.store.tables import metadata
from tests.databases import empty_database

FOLDER = Path(__file__).parents[2] / "migrations"
STEPS = sorted((FOLDER / "versions").glob("[0-9]*.py"))


@pytest.fixture
def urls(server_url):
    with empty_database(server_url) as made:
        yield made


def connect(urls):
    return create_engine(urls["owner"].replace("postgresql://", "postgresql+psycopg://", 1))


def differences(connection, wanted=metadata):
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return [one for one in compare_metadata(context, wanted) if "alembic_version" not in str(one)]


def test_steps_are_numbered_in_a_row_and_head_names_the_last():
    numbers = [int(path.name[:4]) for path in STEPS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", path.name) for path in STEPS)
    assert (FOLDER / "HEAD").read_text().strip() == newest_revision() == STEPS[-1].name[:4]


def test_up_down_and_up_again(urls):
    engine = connect(urls)
    for _ in range(2):
        for step in STEPS:
            upgrade(urls["owner"], revision=step.name[:4])
        with engine.connect() as connection:
            assert current_revision(connection) == newest_revision()
            assert differences(connection) == []
        for step in reversed(STEPS[:-1]):
            downgrade(urls["owner"], revision=step.name[:4])
        downgrade(urls["owner"])
        assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()


def test_a_table_that_no_step_makes_is_found(urls):
    upgrade(urls["owner"])
    planted = MetaData()
    for table in metadata.tables.values():
        table.to_metadata(planted)
    Table("planted", planted, Column("id", Integer, primary_key=True))
    engine = connect(urls)
    with engine.connect() as connection:
        assert [one[0] for one in differences(connection, planted)] == ["add_table"]
    engine.dispose()


def test_waiting_for_locks_is_limited():
    text = "\n".join(path.read_text() for path in [*STEPS, FOLDER / "env.py"])
    assert "lock_timeout" in text
    assert "statement_timeout" in text

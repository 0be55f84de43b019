"""The schema's version: taking a database up to the newest migration, or down, as the owner role."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from portal.store import jobs

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option(
        "sqlalchemy.url", url.replace("postgresql://", "postgresql+psycopg://", 1).replace("%", "%%")
    )
    return config


def upgrade(owner_url: str, *, revision: str = "head") -> None:
    command.upgrade(_config(owner_url), revision)
    jobs.install(owner_url)


def downgrade(owner_url: str, *, revision: str = "base") -> None:
    command.downgrade(_config(owner_url), revision)


def newest_revision() -> str:
    head = ScriptDirectory.from_config(_config("postgresql://unused")).get_current_head()
    if head is None:
        raise LookupError("there are no migrations")
    return head


def current_revision(connection: Connection) -> str | None:
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()

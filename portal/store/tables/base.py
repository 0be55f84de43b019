"""The one `metadata` and the few words in which every table is written.

A tenant table has `lender_id` first in its primary key, its foreign keys and its unique constraints, and lives
under FORCE ROW LEVEL SECURITY (migrations). A shared table has no personal data in clear and no foreign key into
a lender's tables (design rule: SCALE.md 1).
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

from portal.core.states import STATE_TABLES

metadata = MetaData()
tenant_tables: list[str] = []
staging_tables: list[str] = []


def tenant_table(name: str, *items: SchemaItem) -> Table:
    tenant_tables.append(name)
    return Table(
        name, metadata, Column("lender_id", BigInteger, primary_key=True, autoincrement=False), *items
    )


def staging_table(name: str, *items: SchemaItem) -> Table:
    """A place for one import's rows on their way in: only the bulk role comes here, and no row outlives its import.

    It has the lender in its key like any other and no row security, because COPY cannot work under it.
    """
    staging_tables.append(name)
    return Table(
        name,
        metadata,
        Column("lender_id", BigInteger, primary_key=True, autoincrement=False),
        *items,
        prefixes=["UNLOGGED"],
    )


def shared_table(name: str, *items: SchemaItem) -> Table:
    return Table(name, metadata, *items)


def key(name: str) -> Column[Any]:
    return Column(name, Uuid, primary_key=True)


def ref(name: str, *, required: bool = True) -> Column[Any]:
    return Column(name, Uuid, nullable=not required)


def text(name: str, *, required: bool = True) -> Column[Any]:
    return Column(name, Text, nullable=not required)


def at(name: str, *, required: bool = True) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def sealed(name: str, *, required: bool = False) -> Column[Any]:
    """Name a column whose values are sealed (AES-GCM); `keys.sealed_columns` finds it by its mark."""
    return Column(name, LargeBinary, nullable=not required, info={"is_sealed": True})


def digest(name: str, *, required: bool = False, in_key: bool = False) -> Column[Any]:
    """Name a column whose values are keyed digests; `keys.digest_columns` finds it by its mark."""
    return Column(name, LargeBinary, primary_key=in_key, nullable=not required, info={"is_digest": True})


def minor(name: str, *, required: bool = True) -> Column[Any]:
    return Column(name, BigInteger, nullable=not required)


def document(name: str, *, required: bool = True) -> Column[Any]:
    return Column(name, JSONB, nullable=not required)


def state(table: str, noun: str, name: str = "state") -> tuple[Column[Any], CheckConstraint]:
    allowed = ", ".join(f"'{one}'" for one in STATE_TABLES[noun])
    return Column(name, Text, nullable=False), CheckConstraint(
        f"{name} IN ({allowed})", name=f"{table}_{name}_known"
    )


def belongs_to(
    table: str, column: str, parent: str, parent_column: str | None = None
) -> ForeignKeyConstraint:
    target = parent_column or column
    return ForeignKeyConstraint(
        ["lender_id", column], [f"{parent}.lender_id", f"{parent}.{target}"], name=f"{table}_{column}_fkey"
    )


def unique(table: str, *columns: str) -> UniqueConstraint:
    return UniqueConstraint("lender_id", *columns, name=f"{table}_{'_'.join(columns)}_key")


def index(table: str, *columns: str, **options: Any) -> Index:
    return Index(f"{table}_{'_'.join(columns)}_idx", "lender_id", *columns, **options)

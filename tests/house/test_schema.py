"""The database as it stands: every tenant table under forced row security, no triggers, no identity."""

import pytest
from sqlalchemy import create_engine, text

from portal.store.tables import metadata, staging_tables, tenant_tables

PLANT = (
    "CREATE TABLE planted (lender_id bigint, id uuid, PRIMARY KEY (lender_id, id))",
    "CREATE VIEW planted_view AS SELECT lender_id FROM planted",
    "CREATE TABLE planted_identity (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
    "CREATE FUNCTION planted_noise() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER planted_trigger BEFORE INSERT ON planted FOR EACH ROW EXECUTE FUNCTION planted_noise()",
)
OWN = "relnamespace = 'public'::regnamespace"
FAULTS = {
    "a table with lender_id without FORCE ROW LEVEL SECURITY": f"""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'lender_id'
        WHERE c.relkind IN ('r', 'p') AND c.{OWN} AND c.relpersistence = 'p'
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)""",
    "a view without security_invoker": f"""
        SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND {OWN}
          AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)""",
    "an identity column or a sequence": f"""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.{OWN} AND a.attidentity <> ''
        UNION SELECT relname FROM pg_class WHERE relkind = 'S' AND {OWN}""",
    "a trigger": f"""
        SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.{OWN}""",
    "a function that runs with its owner's rights": """
        SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace""",
}  # fmt: skip


@pytest.fixture(scope="module")
def owner(database_urls):
    engine = create_engine(database_urls["owner"].replace("postgresql://", "postgresql+psycopg://", 1))
    yield engine
    engine.dispose()


def shared_with_lender(names):
    """Shared tables name the lender in a column that is no part of a tenant's key (directory, hints, lenders)."""
    shared = {name for name in metadata.tables if name not in tenant_tables and name not in staging_tables}
    return sorted(set(names) - shared)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_schema_has_no(owner, fault):
    with owner.connect() as connection:
        found = connection.execute(text(FAULTS[fault])).scalars().all()
    assert shared_with_lender(found) == []


def test_planted_faults_are_found(owner):
    with owner.connect() as connection:
        for statement in PLANT:
            connection.execute(text(statement))
        found = {fault: connection.execute(text(query)).scalars().all() for fault, query in FAULTS.items()}
        connection.rollback()
    missed = {fault for fault, names in found.items() if not any("planted" in name for name in names)}
    assert missed == {"a function that runs with its owner's rights"}


def test_the_lender_comes_first_in_every_key_of_a_tenant():
    for name in tenant_tables:
        table = metadata.tables[name]
        assert next(iter(table.primary_key.columns)).name == "lender_id", name
        for constraint in table.constraints:
            columns = [column.name for column in getattr(constraint, "columns", [])]
            if type(constraint).__name__ in ("ForeignKeyConstraint", "UniqueConstraint"):
                assert columns[0] == "lender_id", f"{name}: {constraint.name}"


def test_no_shared_table_leads_into_a_lender():
    for name, table in metadata.tables.items():
        if name in tenant_tables or name in staging_tables:
            continue
        for foreign in table.foreign_keys:
            assert foreign.column.table.name not in tenant_tables, f"{name} -> {foreign.column}"


def test_the_app_may_not_read_past_its_lender(database, lender):
    with database.engine.connect() as connection:
        rights = connection.execute(
            text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).one()
        assert tuple(rights) == (False, False)
        for name in tenant_tables:
            assert connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() == 0, name
            connection.rollback()

from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from portal.store import accounts, debtors, imports
from portal.store.rehearsal import Rehearsal
from portal.store.tables import tenant_tables
from portal.store.tables.lenders import creditors
from portal.store.work import UnknownLenderError
from tests import build


def test_a_lender_sees_its_own_rows_and_nobody_elses(database, lender):
    other = build.a_lender(database)
    account_of_other = build.an_account(
        database.work(other.lender_id),
        creditor_id=other.creditor_id,
        debtor_id=build.a_debtor(database.work(other.lender_id)),
    )
    with database.work(lender.lender_id).read() as tx:
        assert accounts.find_account(tx, account_id=account_of_other) is None
        assert len(tx.execute(select(creditors.c.creditor_id)).all()) == 1


def test_without_a_tenant_no_tenant_row_is_visible_and_none_can_be_written(database, lender, work):
    build.a_debtor(work)
    with database.shared().read() as tx:
        for table in tenant_tables:
            assert tx.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first() is None
    with pytest.raises(DBAPIError), database.shared().begin() as tx:
        tx.execute(
            insert(creditors).values(
                lender_id=lender.lender_id,
                creditor_id=tx.new_id(),
                creditor_ref="x",
                brand_name="x",
                created_at=build.NOW,
            )
        )


def test_a_read_transaction_cannot_write(work, lender):
    with pytest.raises(DBAPIError, match="read-only"), work.read() as tx:
        tx.execute(creditors.update().where(creditors.c.lender_id == lender.lender_id).values(brand_name="x"))


def test_an_exception_rolls_everything_back(work, lender):
    with pytest.raises(ZeroDivisionError), work.begin() as tx:  # noqa: PT012 - the block is what is tested
        tx.execute(creditors.update().where(creditors.c.lender_id == lender.lender_id).values(brand_name="x"))
        raise ZeroDivisionError
    with work.read() as tx:
        assert tx.execute(select(creditors.c.brand_name)).scalar_one() == "Tamarind"


@pytest.mark.parametrize("number", [0, -1, "1", 1.0, True, 2**63])
def test_only_a_positive_int_becomes_a_tenant(database, number):
    with pytest.raises(UnknownLenderError), database.work(number).begin():
        pass


def test_a_person_is_sealed_in_the_row_and_found_by_name_and_phone(work):
    debtor_id = build.a_debtor(work, full_name="María-José López", phone="+5215512345678")
    with work.read() as tx:
        person = debtors.load_person(tx, debtor_id=debtor_id)
        assert person.full_name == "María-José López"
        assert debtors.list_ids_by_name(tx, words="jose lopez", limit=5) == [debtor_id]
        assert debtors.find_id_by_phone(tx, phone="+5215512345678") == [debtor_id]
        raw = tx.execute(text("SELECT full_name FROM debtors")).scalar_one()
        assert b"Lopez" not in bytes(raw)
        assert "López".encode() not in bytes(raw)


def test_every_tenant_table_is_under_forced_row_security_and_has_the_lender_first(database):
    with database.shared().read() as tx:
        forced = set(
            tx.execute(
                text(
                    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
                )
            ).scalars()
        )
        assert set(tenant_tables) <= forced
        leaders = tx.execute(
            text(
                "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
                "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] "
                "WHERE (i.indisunique) AND c.relname = ANY(:names)"
            ),
            {"names": list(tenant_tables)},
        ).all()
        assert {name for _, name in leaders} == {"lender_id"}


def test_a_rehearsal_sees_what_it_does_and_keeps_nothing(work):
    with Rehearsal(work).begin() as tx:
        imports.start_import(
            tx, import_id=UUID(int=5), file_digest=b"", file_name="a", mapping={}, now=build.NOW
        )
        assert imports.find_import(tx, import_id=UUID(int=5)) is not None
    with work.read() as tx:
        assert imports.find_import(tx, import_id=UUID(int=5)) is None

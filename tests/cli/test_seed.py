import pytest
from sqlalchemy import func, select

from portal.cli.demo_accounts import FIRST_LINKS, demo_lines, demo_rows, itemized
from portal.cli.import_ import places_on
from portal.cli.seed import CURRENCIES, STAFF, Outside, seed_demo
from portal.core.messages import is_neutral
from portal.settings import Settings
from portal.store import accounts, bounds, lenders, messages, staff
from portal.store.tables.debtors import account_lines
from portal.store.tables.debtors import accounts as account_table
from portal.web.context import Services
from tests import build
from tests.fakes import SmsFake


@pytest.fixture(scope="module")
def seeded(database, database_urls):
    environ = {
        "PORTAL_ENV": "test",
        "DATABASE_URL": database_urls["app"],
        "PORTAL_BULK_DATABASE_URL": database_urls["bulk"],
        "PORTAL_BASE_URL": "http://portal.example",
    }
    sms = SmsFake()
    services = Services(settings=Settings.from_environment(environ), database=database, clock=None, sms=sms)
    outside = Outside(case_system_url="http://127.0.0.1:9", case_system_secret="whsec_" + "QUJD" * 10)
    assert seed_demo(services, outside=outside, now=build.NOW) is True
    assert seed_demo(services, outside=outside, now=build.NOW) is False
    with database.shared().read() as tx:
        return database.work(lenders.find_lender(tx, slug="northwind").lender_id)


def test_two_hundred_accounts_in_many_currencies_whose_lines_add_up(seeded):
    with seeded.read() as tx:
        counted = select(account_table.c.currency, func.count()).group_by(account_table.c.currency)
        rows = tx.execute(counted.where(account_table.c.lender_id == tx.lender_id)).all()
        assert sum(count for _, count in rows) == 200
        assert {"GBP", "USD", "THB", "VND", "BRL", "CNY"} <= {currency for currency, _ in rows}
        sums = {
            row.account_id: row.total
            for row in tx.execute(
                select(account_lines.c.account_id, func.sum(account_lines.c.amount_minor).label("total"))
                .where(account_lines.c.lender_id == tx.lender_id)
                .group_by(account_lines.c.account_id)
            )
        }
        for row in tx.execute(select(account_table).where(account_table.c.lender_id == tx.lender_id)):
            assert sums.get(row.account_id, 0) == row.principal_minor + row.interest_minor + row.fees_minor


def test_the_house_is_ready(seeded, database):
    with seeded.read() as tx:
        assert {one.currency for one in bounds.list_bounds(tx) if one.state == "active"} == set(CURRENCIES)
        assert {one.brand_name for one in lenders.list_creditors(tx)} == {
            "Tamarind Card", "Harbor Personal Loans", "Lotus Pay",
        }  # fmt: skip
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        assert is_neutral(lender.settings["neutral_name"])
    with database.shared().read() as shared:
        lender_id, owner = staff.find_sign_in(shared, slug=lender.slug, email=STAFF[0][0])
    assert lender_id == lender.lender_id
    with seeded.read() as tx:
        assert staff.find_staff(tx, staff_id=owner).roles == ("owner",)


def test_the_first_links_go_out_in_five_languages_whatever_the_hour(seeded):
    with seeded.read() as tx:
        found = [accounts.find_account(tx, account_ref=ref) for ref in FIRST_LINKS]
        sent = [messages.list_messages_of(tx, debtor_id=one.debtor_id, limit=5) for one in found]
    assert [one.language for texts in sent for one in texts] == ["en", "es", "th", "ar", "zh-Hans", "en"]
    assert {one.state for texts in sent for one in texts} == {"sent"}


def test_itemizations_have_payments_fees_and_credits_and_sum_exactly():
    rows = demo_rows(build.NOW.date())
    kinds = set()
    for row, lines in itemized(rows, places_on(build.NOW)):
        assert sum(line.amount_minor for line in lines) == row.balance_minor
        assert lines == demo_lines(row)
        kinds |= {line.kind for line in lines}
    assert kinds == {"principal", "payment", "interest", "penalty", "credit"}

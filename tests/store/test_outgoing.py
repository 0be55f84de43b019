"""Writes that wait go out together, in their order, before anybody asks; what fails undoes everything."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.core.actors import SYSTEM
from portal.store import accounts, endpoints, events
from portal.store.outgoing import Outgoing
from portal.store.rows import LostRowError, MissingRowError, must_touch
from portal.store.tables.events import deliveries
from tests import build

BRAND = "UPDATE creditors SET brand_name = %(name)s WHERE lender_id = %(lender_id)s"


@pytest.fixture
def two(work, lender):
    """Two accounts of one person."""
    debtor_id = build.a_debtor(work)
    made = [build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id) for _ in range(2)]
    with work.read() as tx:
        return [accounts.find_account(tx, account_id=one) for one in made]


def brand(work):
    with work.read() as tx:
        return tx.execute(text("SELECT brand_name FROM creditors")).scalar_one()


def test_what_waits_is_seen_by_the_next_question_and_its_order_is_kept(work, lender):
    with work.begin() as tx:
        for name in ("first", "second"):
            tx.later(BRAND, {"lender_id": lender.lender_id, "name": name})
        assert tx.execute(text("SELECT brand_name FROM creditors")).scalar_one() == "second"
        tx.later(BRAND, {"lender_id": lender.lender_id, "name": "third"})
    assert brand(work) == "third"


def break_off(work, lender, writes):
    with work.begin() as tx:
        for statement in writes:
            tx.later(statement, {"lender_id": lender.lender_id, "name": "lost"})


@pytest.mark.parametrize("before", [[], [BRAND]])
def test_a_write_that_fails_is_an_error_of_the_database_and_undoes_the_rest(work, lender, before):
    was = brand(work)
    with pytest.raises(DBAPIError) as met:
        break_off(work, lender, [*before, BRAND.replace("%(name)s", "NULL")])
    assert met.value.orig.sqlstate == "23502"
    assert brand(work) == was


def test_a_write_that_touches_another_number_of_rows_undoes_everything(work, lender):
    before = brand(work)
    with pytest.raises(LostRowError), work.begin() as tx:
        tx.later(BRAND, {"lender_id": lender.lender_id, "name": "lost"}, heard=must_touch(2))
    assert brand(work) == before


def test_nothing_that_waits_means_no_journey(work):
    with work.begin() as tx:
        waiting = Outgoing(None)
        assert waiting.flush(tx) is None


def told(tx, account, at=build.NOW):
    where = (
        {} if account is None else {"account_ref": account.account_ref, "creditor_ref": account.creditor_ref}
    )
    if account is None:
        payload = {"staff": "stf_1", "change": "added", "roles": ["agent"]}
        return events.append(tx, type="staff.changed", actor=SYSTEM, at=at, payload=payload)
    return events.append(
        tx,
        type="hardship.declared",
        actor=SYSTEM,
        at=at,
        payload={"cause": "illness"},
        debtor_ref="dbt_1",
        **where,
    )


def test_events_of_several_accounts_are_numbered_without_gaps_in_the_order_they_were_told(work, two):
    one, other = two
    with work.begin() as tx:
        ids = [told(tx, account) for account in (one, other, one)]
    with work.begin() as tx:
        ids.append(told(tx, one))
    rows = [build.events_of(work, account_ref=account.account_ref) for account in two]
    assert [[(row.id, row.account_sequence) for row in one] for one in rows] == [
        [(ids[0], 1), (ids[2], 2), (ids[3], 3)],
        [(ids[1], 1)],
    ]


@pytest.mark.parametrize("others", [0, 2])
def test_each_endpoint_gets_what_its_patterns_name(work, two, others):
    """One event alone goes out by statements of its own: they say the same."""
    with work.begin() as tx:
        for patterns in (["*"], ["hardship.*"], ["hardship.declared"], ["payment.*"], ["hardship"]):
            endpoints.insert_endpoint(
                tx, endpoint_id=tx.new_id(), url="https://x.example", patterns=patterns, is_ordered=True,
                secret="whsec_" + "x" * 40, private_key=None, now=build.NOW,
            )  # fmt: skip
    with work.begin() as tx:
        event_id = told(tx, two[0])
        for _ in range(others):
            told(tx, two[1])
        tx.flush()
        assert tx.deliveries_due_at == build.NOW
        columns = (deliveries.c.event_type, deliveries.c.account_sequence, deliveries.c.state)
        rows = tx.execute(select(*columns).where(deliveries.c.event_id == event_id)).all()
    assert [tuple(row) for row in rows] == [("hardship.declared", 1, "due")] * 3


def test_an_event_of_an_account_that_is_not_there_undoes_the_transaction(work, two):
    with pytest.raises(MissingRowError), work.begin() as tx:
        events.append(
            tx, type="hardship.declared", actor=SYSTEM, at=build.NOW, payload={"cause": "illness"},
            account_ref="nobody", creditor_ref="x", debtor_ref="dbt_1",
        )  # fmt: skip

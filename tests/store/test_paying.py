import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from portal.store import agreements, lives
from portal.store.paying import lock_paying
from portal.store.running_plans import find_running_plan
from tests.actions.chain import a_chain
from tests.actions.life.living import a_living
from tests.actions.payments.test_record_payment import pay, payment_of


def test_a_payment_is_locked_with_its_account_and_named_as_events_name_it(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.signed()
    payment = payment_of(chain, pay(chain, 1_000))
    with work.begin() as tx:
        paying = lock_paying(tx, payment_id=payment.payment_id)
        assert lock_paying(tx, payment_id=tx.new_id()) is None
    assert (paying.payment, paying.account) == (payment, chain.account())
    assert (paying.agreement_ref, paying.debtor_ref[:4]) == (agreement.agreement_ref, "dbt_")


def is_free(address, tenant, account_id):
    with psycopg.connect(address) as asking:
        asking.execute(tenant)
        locked = "SELECT 1 FROM accounts WHERE account_id = %s FOR UPDATE SKIP LOCKED"
        return asking.execute(locked, [account_id]).fetchone() is not None


def test_the_account_is_locked_before_the_payment(work, lender, database):
    """Whoever waits for a payment that another holds has its account already: the order of every action."""
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 1_000))
    address = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    tenant = f"SET LOCAL app.lender_id = '{lender.lender_id}'"

    def lock():
        with work.begin() as tx:
            return lock_paying(tx, payment_id=payment.payment_id)

    with ThreadPoolExecutor(1) as pool, psycopg.connect(address) as holder:
        holder.execute(tenant)
        holder.execute("SELECT 1 FROM payments WHERE payment_id = %s FOR UPDATE", [payment.payment_id])
        waiting = pool.submit(lock)
        until = time.monotonic() + 5
        while is_free(address, tenant, chain.account_id) and time.monotonic() < until:
            time.sleep(0.01)
        assert not is_free(address, tenant, chain.account_id)
        assert not waiting.done()
        holder.rollback()
        assert waiting.result(timeout=5).payment == payment


def test_a_running_plan_is_read_as_its_parts_are(work, lender):
    """One statement tells what the slow ways tell one by one."""
    plan = a_living(work, lender)
    plan.pay(plan.rows[0].amount_minor + 700)
    with work.read() as tx:
        found = find_running_plan(tx, account_id=plan.chain.account_id)
        assert found.life == lives.load_life(tx, agreement_id=plan.agreement_id)
        assert list(found.installments) == agreements.list_installments(tx, agreement_id=plan.agreement_id)
        assert (found.is_active, found.plan.agreement_ref) == (True, plan.agreement_ref)
        named = find_running_plan(tx, agreement_id=plan.agreement_id)
        assert (named.is_active, named.life) == (False, found.life)
        assert find_running_plan(tx, account_id=tx.new_id()) is None


def test_moved_rows_are_moved_in_the_life_too(work, lender):
    plan = a_living(work, lender)
    with work.read() as tx:
        before = find_running_plan(tx, account_id=plan.chain.account_id)
    plan.pay(plan.rows[0].amount_minor + 700)
    with work.read() as tx:
        after = find_running_plan(tx, account_id=plan.chain.account_id)
    moved = before.with_installments({row.number: row for row in after.installments})
    assert moved.installments == after.installments
    assert [(row.number, row.amount, row.paid) for row in moved.life.life.rows] == [
        (row.number, row.amount, row.paid) for row in after.life.life.rows
    ]

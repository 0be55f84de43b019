"""Accounts are locked before their agreement, by everybody: whoever holds an account gets its agreement."""

import threading
import time

import pytest
from sqlalchemy import text

from portal.actions.agreements.end_record_consent import end_record_consent
from portal.actions.agreements.view_agreement import view_agreement
from portal.actions.agreements.withdraw_agreement import withdraw_agreement
from portal.store import accounts, agreements
from tests import build
from tests.actions.chain import Chain


def look(chain):
    agreement = chain.prepare(chain.choose().offer_ref).agreement
    named = {"agreement_ref": agreement.agreement_ref, "debtor_id": chain.debtor_id}
    return agreement, lambda: view_agreement(chain.work, form="page", now=chain.now, **named)


def withdraw(chain):
    agreement = chain.signed()
    named = {"agreement_ref": agreement.agreement_ref, "debtor_id": chain.debtor_id}
    return agreement, lambda: withdraw_agreement(chain.work, now=chain.now, **named)


def end_consent(chain):
    agreement = chain.signed()
    return agreement, lambda: end_record_consent(chain.work, debtor_id=chain.debtor_id, now=chain.now)


def waits(tx):
    """Tell whether somebody waits for a lock that this transaction holds."""
    asked = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    return tx.execute(text(asked)).scalar_one() > 0


@pytest.mark.parametrize("act", [look, withdraw, end_consent])
def test_who_holds_the_account_gets_the_agreement_too(work, lender, act):
    build.active_bounds(work)
    debtor_id = build.a_debtor(work)
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    chain = Chain(work=work, account_id=account_id, debtor_id=debtor_id)
    agreement, run_act = act(chain)
    faults = []

    def run():
        try:
            run_act()
        except Exception as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)

    other = threading.Thread(target=run)
    with work.begin() as tx:
        accounts.lock_account(tx, account_id=account_id)
        other.start()
        deadline = time.monotonic() + 10
        while not waits(tx) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert waits(tx), faults
        tx.execute(text("SET LOCAL lock_timeout = '2s'"))
        assert agreements.lock_agreement(tx, agreement_id=agreement.agreement_id)
    other.join(10)
    assert faults == []

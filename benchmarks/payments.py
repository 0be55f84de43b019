"""What it costs to record a payment: allocation, installments, ledger, receipt, events, against five bare rows.

    ./portal.sh run -- python -m benchmarks payments

The reference is one transaction of the same pool that inserts five rows, one statement each. The product applies a
kept notice of a success to an account with a signed plan, as the job does. Both take turns; an endpoint that wants
everything is there, so each event makes a delivery too.
"""

import json
import secrets
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median

import psycopg
from sqlalchemy import insert

from benchmarks.databases import migrated
from benchmarks.measure import line
from portal.actions.payments.receive_payment_event import receive_payment_event
from portal.actions.payments.record_payment import record_payment
from portal.core.money import Money
from portal.core.payments import Kind, PaymentNotice
from portal.store import endpoints, payments
from portal.store.payments import Payment
from portal.store.tables.payments import inbox
from tests import build
from tests.actions.chain import Chain

GOAL = 2.5
TIMES, ROUNDS = 25, 9


class Bench:
    """One lender with an endpoint and a signed plan on which small payments are made."""

    def __init__(self, database):
        self.now = datetime.now(UTC)
        lender = build.a_lender(database, now=self.now)
        self.work = database.work(lender.lender_id)
        build.active_bounds(self.work, now=self.now)
        debtor_id = build.a_debtor(self.work, now=self.now)
        account_id = build.an_account(
            self.work, creditor_id=lender.creditor_id, debtor_id=debtor_id, now=self.now
        )
        self.chain = Chain(work=self.work, account_id=account_id, debtor_id=debtor_id, now=self.now)
        self.agreement = self.chain.signed()
        with self.work.begin() as tx:
            endpoints.insert_endpoint(
                tx, endpoint_id=tx.new_id(), url="https://hooks.acme.example/in", patterns=["*"], is_ordered=True,
                secret="whsec_" + "x" * 40, private_key=None, now=self.now,
            )  # fmt: skip

    def notices(self, count):
        """Make attempts of one dollar and keep a notice of success for each; gives the ids of the notices."""
        ids = []
        for _ in range(count):
            with self.work.begin() as tx:
                payment_id = tx.new_id()
                payments.save_payment(
                    tx,
                    Payment(
                        payment_id=payment_id, payment_ref=f"pay_{payment_id.hex}", debtor_id=self.chain.debtor_id,
                        account_id=self.chain.account_id, agreement_id=self.agreement.agreement_id, currency="USD",
                        amount_minor=100, purpose="part", gateway="stripe", state="started", started_at=self.now,
                    ),
                )  # fmt: skip
            notice = PaymentNotice(
                event_id=f"evt_{secrets.token_hex(8)}", event_type="bench", kind=Kind.SUCCEEDED, at=self.now,
                attempt=str(payment_id), payment_ref=f"pi_{payment_id.hex}", method="card", amount=Money(100, "USD"),
            )  # fmt: skip
            receive_payment_event(self.work, source="stripe", notice=notice, now=self.now)
            ids.append(notice.event_id)
        return ids

    def record(self, ids):
        for outside_id in ids:
            done = record_payment(self.work, source="stripe", outside_id=outside_id, now=self.now)
            assert done.result == "applied"

    def five_rows(self):
        body = json.dumps({"kind": "bench"}).encode()
        for _ in range(TIMES):
            with self.work.begin() as tx:
                for _row in range(5):
                    tx.execute(
                        insert(inbox).values(
                            lender_id=tx.lender_id, source="bench", outside_id=secrets.token_hex(12), body=body,
                            state="done", received_at=self.now,
                        )
                    )  # fmt: skip


@contextmanager
def counted():
    """Count the statements that go to the server, with those of a pipeline; the frame of a transaction is not one."""
    count, plain = [], psycopg.Cursor.execute

    def counting(cursor, query, params=None, **more):
        count.append(query)
        return plain(cursor, query, params, **more)

    psycopg.Cursor.execute = counting
    try:
        yield count
    finally:
        psycopg.Cursor.execute = plain


def seconds(act, *given):
    started = time.perf_counter()
    act(*given)
    return (time.perf_counter() - started) / TIMES


def run() -> bool:
    """Compare the two, turn by turn; gives whether the goal holds."""
    with migrated() as (database, _bulk):
        bench = Bench(database)
        bench.five_rows()
        bench.record(bench.notices(12))
        (one,) = bench.notices(1)
        with counted() as statements:
            bench.record([one])
        print(f"{len(statements)} statements a payment, the tenant's and the hint's included")
        product, reference = [], []
        for _ in range(ROUNDS):
            reference.append(seconds(bench.five_rows))
            product.append(seconds(bench.record, bench.notices(TIMES)))
        found = median(a / b for a, b in zip(product, reference, strict=True))
        figures = f"{median(product) * 1_000:.2f} ms", f"{median(reference) * 1_000:.2f} ms"
        return line("payment recorded", *figures, found, f"<= {GOAL}", holds=found <= GOAL)

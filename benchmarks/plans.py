"""100,000 due installments are told and their people reminded, in the order of their moments; goal: 120 seconds.

    ./portal.sh run -- python -m benchmarks plans

Two workers take batches of one lender, as two workers of a house would. Every installment falls due and is late by a
day: two acts, one event for each that is told, and one message with its link, sealed and waiting for its hour. The
number of plans can be given in the environment (`PLANS`), to try it.
"""

import json
import multiprocessing
import os
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from benchmarks.databases import migrated
from benchmarks.measure import line
from portal.actions.life.act_on_plans import act_on_plans
from portal.gateways.ids import new_id
from portal.store.tables.agreements import active_agreements, agreement_accounts, agreements, installments
from portal.store.tables.cases import cases, offers
from portal.store.tables.debtors import accounts, debtors
from portal.store.tables.events import events
from portal.store.tables.identity import messages
from portal.store.tables.lives import plan_lives
from portal.store.work import open_database
from tests import build
from tests.actions.chain import a_chain

GOAL_SECONDS = 120.0
WORKERS = 2
CHUNK = 2_000


def copies(tx, table, rows):
    """Insert rows, in pieces that a statement can take."""
    for at in range(0, len(rows), CHUNK):
        tx.execute(insert(table), rows[at : at + CHUNK])


def one(tx, table, column, value):
    return dict(
        tx.execute(select(table).where(table.c.lender_id == tx.lender_id, column == value)).one()._mapping
    )


def town(work, lender, count):
    """Sign one plan and give `count` people a plan like it; gives the moment when all are a day late."""
    chain = a_chain(work, lender)
    agreement = chain.signed()
    with work.begin() as tx:
        pattern = {
            "debtor": one(tx, debtors, debtors.c.debtor_id, chain.debtor_id),
            "account": one(tx, accounts, accounts.c.account_id, chain.account_id),
            "agreement": one(tx, agreements, agreements.c.agreement_id, agreement.agreement_id),
            "life": one(tx, plan_lives, plan_lives.c.agreement_id, agreement.agreement_id),
        }
        pattern["case"] = one(tx, cases, cases.c.case_id, pattern["agreement"]["case_id"])
        pattern["offer"] = one(tx, offers, offers.c.offer_id, pattern["agreement"]["offer_id"])
        terms = json.loads(pattern["agreement"]["terms_json"])
        due_on = datetime.fromisoformat(terms["plan"]["schedule"][0]["due_on"]).date()
        first = tx.execute(
            select(installments).where(
                installments.c.lender_id == tx.lender_id,
                installments.c.agreement_id == agreement.agreement_id,
                installments.c.due_on == due_on,
            )
        ).one()
    people(work, pattern, dict(first._mapping), count, phone=pattern["debtor"])
    return datetime(due_on.year, due_on.month, due_on.day, 16, tzinfo=UTC) + timedelta(days=1)


def people(work, pattern, row, count, *, phone):
    """Copy the pattern: debtors with numbers of their own, accounts, plans that were told of their coming date."""
    rows = {name: [] for name in ("debtors", "accounts", "agreements", "covered", "active", "rows", "lives")}
    with work.begin() as tx:
        for number in range(count):
            debtor_id, account_id, agreement_id = tx.new_id(), tx.new_id(), tx.new_id()
            sealed = tx.seal(column="debtors.phone", row=debtor_id, text=f"+1201555{number % 10_000:04d}")
            rows["debtors"].append(
                phone
                | {
                    "debtor_id": debtor_id,
                    "debtor_ref": f"d{number}",
                    "source_ref": f"s{number}",
                    "phone": sealed,
                }
            )
            rows["accounts"].append(
                pattern["account"]
                | {"account_id": account_id, "debtor_id": debtor_id, "account_ref": f"B-{number}"}
            )
            rows["agreements"].append(
                pattern["agreement"]
                | {"agreement_id": agreement_id, "agreement_ref": f"agr_{number}", "debtor_id": debtor_id}
            )
            pair = {"lender_id": tx.lender_id, "agreement_id": agreement_id, "account_id": account_id}
            rows["covered"].append(pair)
            rows["active"].append(pair)
            rows["rows"].append(row | {"agreement_id": agreement_id, "told": 1})
            rows["lives"].append(pattern["life"] | {"agreement_id": agreement_id})
        for table, name in (
            (debtors, "debtors"), (accounts, "accounts"), (agreements, "agreements"), (agreement_accounts, "covered"),
            (active_agreements, "active"), (installments, "rows"), (plan_lives, "lives"),
        ):  # fmt: skip
            copies(tx, table, rows[name])


def act(url, lender_id, now):
    """Act until nothing is due, as a worker's process does."""
    database = open_database(url=url, master_key=build.MASTER_KEY, new_id=new_id, pool_size=1)
    while act_on_plans(database.work(lender_id), now=now, base_url="https://pay.northwind.example").plans:
        pass
    database.engine.dispose()


def counted(work, table, column, value):
    with work.read() as tx:
        return tx.execute(
            select(func.count()).select_from(table).where(table.c.lender_id == tx.lender_id, column == value)
        ).scalar_one()


def is_in_order(work):
    """Tell whether events were told in the order of their moments, pass by pass."""
    with work.read() as tx:
        told = tx.execute(
            select(events.c.occurred_at)
            .where(events.c.lender_id == tx.lender_id, events.c.type == "installment.due")
            .order_by(events.c.id)
        ).scalars()
        moments = list(told)
    return moments == sorted(moments)


def run() -> bool:
    """Let two workers act on all plans; gives whether the goal holds, nothing is missing and nothing came twice."""
    count = int(os.environ.get("PLANS", "100000"))
    with migrated() as (database, _bulk):
        lender = build.a_lender(database)
        work = database.work(lender.lender_id)
        now = town(work, lender, count)

        url = database.engine.url.render_as_string(hide_password=False)
        url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        context = multiprocessing.get_context("spawn")
        started = time.perf_counter()
        workers = [context.Process(target=act, args=(url, lender.lender_id, now)) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        act(url, lender.lender_id, now)
        seconds = time.perf_counter() - started
        due = counted(work, events, events.c.type, "installment.due")
        queued = counted(work, messages, messages.c.template, "plan_late")
        ordered = is_in_order(work)
    print(f"{due} told as due, {queued} reminded, in order: {ordered}")
    goal = GOAL_SECONDS * count / 100_000
    holds = seconds <= goal and due == queued == count + 1
    return line(
        f"{count} installments due and reminded",
        f"{seconds:.1f} s",
        f"{goal:.0f} s",
        seconds / goal,
        "<= 1",
        holds=holds,
    )

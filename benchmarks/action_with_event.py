"""What it costs an action to tell: the same actions with and without their events and deliveries, turn by turn.

    ./portal.sh run -- python -m benchmarks action_with_event

A small action (keep a language: two rows and an event) and a usual one (a plan becomes a firm offer: two events). Each
is one transaction; an endpoint that wants everything is there, so each event makes a delivery too.
"""

import secrets
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median

from benchmarks.databases import migrated
from benchmarks.measure import line
from portal.actions.cases.choose_plan import Trail, Wish, choose_plan
from portal.actions.contact.choose_language import choose_language
from portal.store import endpoints, events, sessions
from tests import build

GOAL = 0.75
TIMES, ROUNDS = 60, 9
LANGUAGES = ("en", "es")


class Bench:
    """One lender with an endpoint, a debtor with an account and a visit."""

    def __init__(self, database):
        self.now = datetime.now(UTC)
        lender = build.a_lender(database, now=self.now)
        self.work = database.work(lender.lender_id)
        build.active_bounds(self.work, now=self.now)
        self.debtor = build.a_debtor(self.work, now=self.now)
        self.account = build.an_account(
            self.work, creditor_id=lender.creditor_id, debtor_id=self.debtor, now=self.now
        )
        with self.work.begin() as tx:
            token = sessions.start_session(tx, kind="debtor", subject_id=self.debtor, now=self.now, state={})
            self.session = sessions.find_session(tx, token=token, now=self.now).session_id
            endpoints.insert_endpoint(
                tx, endpoint_id=tx.new_id(), url="https://hooks.acme.example/in", patterns=["*"], is_ordered=True,
                secret="whsec_" + "x" * 40, private_key=None, now=self.now,
            )  # fmt: skip
        self.turns = 0

    def small(self):
        self.turns += 1
        done = choose_language(
            self.work,
            debtor_id=self.debtor,
            session_id=self.session,
            language=LANGUAGES[self.turns % 2],
            now=self.now,
        )
        assert done

    def usual(self):
        self.turns += 1
        choose_plan(
            self.work,
            account_id=self.account,
            debtor_id=self.debtor,
            wish=Wish(family="", payment_minor=5_000 + 500 * (self.turns % 40)),
            trail=Trail(moves=3, lowest_minor=5_000),
            form_token=secrets.token_urlsafe(24),
            today=self.now.date(),
            now=self.now,
        )


@contextmanager
def untold():
    """Let nothing be told for a while."""
    kept = events.append, events.append_for_accounts
    events.append = events.append_for_accounts = lambda *_named, **_more: None
    try:
        yield
    finally:
        events.append, events.append_for_accounts = kept


def rate(act):
    started = time.perf_counter()
    for _ in range(TIMES):
        act()
    return TIMES / (time.perf_counter() - started)


def compare(name, act):
    act()
    told, silent = [], []
    for _ in range(ROUNDS):
        with untold():
            silent.append(rate(act))
        told.append(rate(act))
    found = median(a / b for a, b in zip(told, silent, strict=True))
    figures = f"{median(told):.0f}/s", f"{median(silent):.0f}/s"
    return line(name, *figures, found, f">= {GOAL}", holds=found >= GOAL)


def run() -> bool:
    """Compare actions a second with and without telling; gives whether the goal holds for the usual action."""
    with migrated() as (database, _bulk):
        bench = Bench(database)
        compare("smallest action with its event", bench.small)
        return compare("usual action with its events", bench.usual)

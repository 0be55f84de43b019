"""What evidence costs: an action while its log is sealed, a signature a leaf, the walk over a log, a proof.

    ./portal.sh run -- python -m benchmarks evidence

The log has 100,000 events, written straight into the table, as a lender's busy day would leave them.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import insert

from benchmarks.databases import migrated
from benchmarks.measure import line
from portal.actions.contact.choose_language import choose_language
from portal.actions.evidence.audit_log import audit_log
from portal.actions.evidence.seal_log import seal_log
from portal.core.evidence.documents import write_proof
from portal.core.evidence.tree import leaf_hash
from portal.core.plans.canonical import canonical_json
from portal.gateways import log_keys as gateway
from portal.gateways.log_keys import is_signed_by, make_key_pairs
from portal.store import proofs, sealing, sessions
from portal.store.tables.events import events
from tests import build

EVENTS, STEP = 100_000, 10_000
TIMES, ROUNDS = 150, 7
SIZES = (1_000, 10_000, 100_000)


def fill(work, count, now):
    """Write events into the table of a lender, a step at a time."""
    for start in range(0, count, STEP):
        with work.begin() as tx:
            rows = [
                {
                    "lender_id": tx.lender_id,
                    "id": tx.new_id(),
                    "account_ref": f"AC-{number % 997}",
                    "account_sequence": number // 997 + 1,
                    "type": "payment.succeeded",
                    "creditor_ref": "tamarind",
                    "debtor_ref": f"dbt_{number % 991:032x}",
                    "actor": {"kind": "debtor"},
                    "occurred_at": now,
                    "payload": {
                        "id": f"pay_{number:032x}",
                        "amount": {"minor": 9_375, "currency": "USD"},
                        "agreement": f"agr_{number % 997:032x}",
                        "balance": {"minor": 103_125, "currency": "USD"},
                    },
                }
                for number in range(start, min(start + STEP, count))
            ]
            tx.execute(insert(events), rows)


class Timed:
    """Counts the CPU seconds that signing takes."""

    def __init__(self):
        self.seconds, self.sign = 0.0, gateway.LogKeyPair.sign

    def __enter__(self):
        def sign(pair, message):
            started = time.process_time()
            signature = self.sign(pair, message)
            self.seconds += time.process_time() - started
            return signature

        gateway.LogKeyPair.sign = sign
        return self

    def __exit__(self, *_):
        gateway.LogKeyPair.sign = self.sign


def seal_all(work, now):
    """Seal what waits; gives (leaves, CPU seconds, CPU seconds of signing)."""
    leaves, started = 0, time.process_time()
    with Timed() as timed:
        while sealed := seal_log(work, make_keys=make_key_pairs, now=now + timedelta(minutes=leaves + 2)):
            leaves += sealed.added
    return leaves, time.process_time() - started, timed.seconds


def sealing_cost(work, now):
    leaves, seconds, signing = seal_all(work, now)
    each = signing / leaves * 1e6
    print(f"   sealing {leaves:,} events: {seconds / leaves * 1e6:.0f} us of CPU a leaf in all")
    return line("signature, us a leaf", f"{each:.2f}", "2", each / 2, "<= 1", holds=each <= 2)


def walking(work):
    """The whole monitor against a bare loop that reads the same rows and hashes their canonical JSON once."""
    ratios = []
    for _ in range(3):
        started = time.process_time()
        with work.read() as tx:
            after = 0
            while page := sealing.list_sealed(tx, after=after, limit=2_048):
                for row in page:
                    leaf_hash(canonical_json(row.event.payload).encode())
                after = page[-1].index + 1
        bare = time.process_time() - started
        started = time.process_time()
        found = audit_log(work, check=is_signed_by)
        walked = time.process_time() - started
        assert found.finding is None, found.finding
        ratios.append(bare / walked)
    ratio = median(ratios)
    return line(
        "full verification, events a second",
        f"{found.size / walked:.0f}",
        f"{found.size / bare:.0f}",
        ratio,
        ">= 0.5",
        holds=ratio >= 0.5,
    )


def proving(database, now):
    """A proof's time and size at 1,000, 10,000 and 100,000 events: log n grows by 1.33 and 1.25."""
    found = {}
    for size in SIZES:
        lender = build.a_lender(database, now=now)
        work = database.work(lender.lender_id)
        fill(work, size, now)
        seal_all(work, now)
        with work.read() as tx:
            ids = [event.event_id for event in sealing.list_unsealed(tx, after=size // 2, limit=200)]
            proofs.prove_event(tx, event_id=ids[0])
            started = time.perf_counter()
            made = [proofs.prove_event(tx, event_id=event_id) for event_id in ids]
            found[size] = (
                (time.perf_counter() - started) / len(ids),
                len(made[0].entry.path),
                len(write_proof(made[0])),
            )
    for size, (seconds, path, weight) in found.items():
        print(f"   proof in a log of {size:,}: {seconds * 1e6:.0f} us, {path} hashes, {weight:,} bytes")
    (small, *_), (big, hashes, _) = found[SIZES[0]], found[SIZES[-1]]
    ratio = big / small
    good = ratio <= 3.3 and hashes <= 17
    return line(
        "proof at 100,000 / at 1,000 events",
        f"{big * 1e6:.0f} us",
        f"{small * 1e6:.0f} us",
        ratio,
        "<= 3.3",
        holds=good,
    )


class Acts:
    """A debtor who keeps changing the language: a small action with one event."""

    def __init__(self, database, now):
        lender = build.a_lender(database, now=now)
        self.work, self.now, self.turn = database.work(lender.lender_id), now, 0
        self.debtor = build.a_debtor(self.work, now=now)
        with self.work.begin() as tx:
            token = sessions.start_session(tx, kind="debtor", subject_id=self.debtor, now=now, state={})
            self.session = sessions.find_session(tx, token=token, now=now).session_id

    def rate(self):
        started = time.perf_counter()
        for _ in range(TIMES):
            self.turn += 1
            named = {"debtor_id": self.debtor, "session_id": self.session, "now": self.now}
            assert choose_language(self.work, language=("en", "es")[self.turn % 2], **named)
        return TIMES / (time.perf_counter() - started)

    def sealed_rate(self):
        """The same while another thread seals the log as the job does, but every second instead of ten."""
        stop = threading.Event()

        def seal():
            minute = self.turn
            while not stop.wait(1.0):
                minute += 2
                seal_log(self.work, make_keys=make_key_pairs, now=self.now + timedelta(minutes=minute))

        thread = threading.Thread(target=seal)
        thread.start()
        try:
            return self.rate()
        finally:
            stop.set()
            thread.join()


def acting(database, now):
    acts = Acts(database, now)
    acts.rate()
    plain, sealed = [], []
    for _ in range(ROUNDS):
        plain.append(acts.rate())
        sealed.append(acts.sealed_rate())
    ratio = median(one / other for one, other in zip(sealed, plain, strict=True))
    return line(
        "action while its log is sealed",
        f"{median(sealed):.0f}/s",
        f"{median(plain):.0f}/s",
        ratio,
        ">= 0.9",
        holds=ratio >= 0.9,
    )


def run() -> bool:
    """Print the four figures; gives whether all goals hold."""
    now = datetime.now(UTC)
    with migrated() as (database, _bulk):
        work = database.work(build.a_lender(database, now=now).lender_id)
        fill(work, EVENTS, now)
        good = [sealing_cost(work, now), walking(work), proving(database, now), acting(database, now)]
    return all(good)

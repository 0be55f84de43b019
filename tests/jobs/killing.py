"""Delivery workers in processes of their own, to be killed; one of them with a planted fault."""

import multiprocessing
import random
import threading
import time
from contextlib import contextmanager

from portal.jobs import deliveries as job
from portal.store import deliveries, delivery_results
from tests.jobs.bench import an_account, an_endpoint, log_of, states, tell

#: A lease leaves an attempt (0.6 s at most) some time to begin: too little, and on a busy machine nothing ever does.
ARGUMENTS = (
    "--connect-seconds=0.3", "--read-seconds=0.3", "--lease-seconds=0.9", "--hint-seconds=0.2", "--sweep-seconds=1",
    "--grace-seconds=3",
)  # fmt: skip
WAITING_MAX = 400
AHEAD_SECONDS = 4 * 3_600


def work_honestly(environ, arguments=ARGUMENTS):
    job.main(arguments, environ)


def mark_before_sending(environ):
    """The planted fault: a worker that calls it delivered when it claims it."""
    honest = deliveries.claim

    def forgetful(tx, *, endpoint_id, now, **more):
        claims = honest(tx, endpoint_id=endpoint_id, now=now, **more)
        ids = [claim.event_id for claim in claims]
        delivery_results.settle_delivered(tx, endpoint_id=endpoint_id, event_ids=ids, now=now)
        return claims

    deliveries.claim = forgetful
    job.main(ARGUMENTS, environ)


def context():
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.jobs.killing"])
    return made


def environment(urls, *hosts):
    return {"PORTAL_ENV": "test", "DATABASE_URL": urls["app"], "PORTAL_PRIVATE_HOSTS": ",".join(hosts)}


def kill_under_load(
    work,
    lender,
    urls,
    receiver,
    *,
    kills,
    target=work_honestly,
    now,
    seed=7,
    pause=0.002,
    backlog=0,
    is_ordered=True,
    ahead,
):
    """Kill a worker again and again while events are written; gives what was told by account, once all is settled.

    Every `pause` seconds some are written, as long as fewer than `WAITING_MAX` wait: workers that die all the time get
    less done than one writer, and what they leave is drained at the end. So many events of each account wait when the
    first worker comes: `backlog`. `ahead` is a file for the clock of the last worker.
    """
    dice = random.Random(seed)
    endpoint_id = an_endpoint(work, receiver.url, is_ordered=is_ordered, now=now())
    told = _waiting(work, lender, backlog, now=now)
    environ = environment(urls, receiver.host)
    with _written_meanwhile(work, told, receiver, dice=dice, pause=pause, now=now):
        for _ in range(kills):
            worker = context().Process(target=target, args=(environ,))
            worker.start()
            _let_it_work(receiver, seconds=dice.uniform(0.01, 0.15))
            worker.kill()
            worker.join()
            worker.close()
    # The last one lives some hours ahead: on a busy machine an answer can be late, and is tried again minutes later.
    ahead.write_text(str(AHEAD_SECONDS))
    last = context().Process(target=target, args=(environ | {"PORTAL_TIME_TRAVEL": str(ahead)},))
    last.start()
    wait_until(
        lambda: set(states_of_all(work, endpoint_id)) == {"delivered"}, seconds=60 + kills * 0.6
    )  # what was written in ten minutes is not drained in one
    last.terminate()
    last.join(10)
    assert last.exitcode == 0, "SIGTERM ends a worker within its grace"
    last.close()
    return told


@contextmanager
def _written_meanwhile(work, told, receiver, *, dice, pause, now):
    """Write events in a thread of its own until the end of the block."""
    stop = threading.Event()

    def write():
        number = 0
        while not stop.wait(pause):
            if number - len(receiver.got) > WAITING_MAX:
                continue
            for account_ref in dice.sample(sorted(told), 3):
                number += 1
                told[account_ref].append(tell(work, account_ref, number=number, now=now()))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def _waiting(work, lender, backlog, *, now):
    """Make twelve accounts, so many events of each waiting; gives their ids by account."""
    told = {an_account(work, lender): [] for _ in range(12)}
    for account_ref, ids in told.items():
        ids += [tell(work, account_ref, number=-number, now=now()) for number in range(backlog, 0, -1)]
    return told


def _let_it_work(receiver, *, seconds):
    """Wait until a fresh worker is at work (at most 5 s), and a random moment more."""
    before, deadline = len(receiver.got), time.monotonic() + 5
    while len(receiver.got) == before and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(seconds)


def states_of_all(work, endpoint_id):
    """Look at every delivery through the log, page by page."""
    found = states(work, endpoint_id)
    for state in ("due", "sending", "dead"):
        if log_of(work, endpoint_id, state=state):
            found[state] = 1
    return found


def wait_until(condition, *, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError("it did not come about in time")

"""The debtor's menu page: plans are made, kept with their audit row, and shown; server time with the database.

./portal.sh run -- python -m benchmarks menu
"""

import http.client
import time
import urllib.parse
from statistics import median

from benchmarks.measure import line
from benchmarks.serving import pin, product
from benchmarks.slow_clients import cpu_seconds

GOAL_MS = 60.0
ACCOUNTS, WARM = 60, 10


def run() -> bool:
    """Open the menus of accounts that nobody has asked about before, in turn; gives whether the goal holds."""
    with product(ACCOUNTS) as visit:
        pin(1)
        connection = http.client.HTTPConnection("127.0.0.1", visit.port, timeout=30)
        for path in visit.accounts[:WARM]:
            _menu(connection, path, visit)
        before = cpu_seconds(visit.session)
        taken = [_menu(connection, path, visit) for path in visit.accounts[WARM:]]
        spent = (cpu_seconds(visit.session) - before) / len(taken) * 1e3
        connection.close()
    both = sorted(made + shown for made, shown in taken)
    found = both[int(len(both) * 0.95)]
    made = median(one for one, _ in taken)
    print(f"  median {median(both):.1f} ms, of it making {made:.1f} ms; server's own CPU {spent:.1f} ms")
    return line(
        "menu page, made and shown, p95",
        f"{found:.1f} ms",
        f"{GOAL_MS:g} ms",
        found / GOAL_MS,
        "<= 1",
        holds=found <= GOAL_MS,
    )


def _menu(connection, path, visit):
    """Make the menu of an account and show it; gives the milliseconds of both."""
    return _ask(connection, "POST", f"{path}/offers", visit, 303), _ask(
        connection, "GET", f"{path}/offers", visit, 200
    )


def _ask(connection, method, path, visit, status):
    """Send one request and give its milliseconds; the answer must have the status."""
    body = urllib.parse.urlencode({"csrf_token": visit.form["csrf_token"]}) if method == "POST" else None
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    started = time.perf_counter()
    connection.request(method, path, body=body, headers={"Cookie": visit.cookie, **kind})
    answer = connection.getresponse()
    answer.read()
    taken = (time.perf_counter() - started) * 1e3
    assert answer.status == status, (path, answer.status)
    return taken

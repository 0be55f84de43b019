"""Which web server still answers while many clients hold half-sent requests, and what it costs.

    ./portal.sh run -- python -m benchmarks slow_clients

The gate: 200 clients hold half-sent bodies, half-sent headers or idle sockets; then 3 x 3 good requests must all be
answered within 5 s, trial after trial, and SIGTERM must end the server within its grace time. Among the servers that
pass, the one with the least CPU a request is taken.
"""

import contextlib
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, request

CLIENTS = 200
GOOD_SECONDS_MAX = 5.0
GRACE_SECONDS_MAX = 10.0
SAMPLE = 3000
ROOT = Path(__file__).resolve().parents[1]
CHOSEN = "waitress, 2000 connections, poll"
SERVERS = ("waitress, defaults", CHOSEN, "granian, 8 blocking threads")

bare = Flask("bare")


@bare.get("/healthz")
def say_hello():
    return "ok\n"


@bare.post("/form")
def count_form():
    return str(len(request.form))


@dataclass(frozen=True, kw_only=True)
class Trial:
    answered: int
    slowest: float
    stopped: float


def command_of(server: str, port: int) -> list[str]:
    """Give the words that start one of the compared servers with the bare app."""
    python = [sys.executable, "-m"]
    if server.startswith("granian"):
        words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        return [*python, "granian", *words, "--blocking-threads", "8", "benchmarks.slow_clients:bare"]
    words = ["--listen", f"127.0.0.1:{port}", "--threads", "8"]
    if "poll" in server:
        words += ["--connection-limit", "2000", "--asyncore-use-poll"]
    return [*python, "waitress", *words, "benchmarks.slow_clients:bare"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(command: Sequence[str], port: int, environ: Mapping[str, str] | None = None):
    """Run a server until the block ends; gives its process once it answers, within 15 s."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True, **quiet)
    try:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if ask(port)[0] < 500:
                    break
            time.sleep(0.1)
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def ask(port: int, path: str = "/healthz", *, seconds: float = GOOD_SECONDS_MAX) -> tuple[int, float]:
    """Ask one good request on a fresh connection; gives status and seconds."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.monotonic() - started
    finally:
        connection.close()


def attach(port: int, count: int, form_path: str) -> list[socket.socket]:
    """Attach slow clients: a third with half a body, a third with half their headers, a third silent."""
    half_body = f"POST {form_path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    starts = (f"{half_body}Content-Length: 1000\r\n\r\na=1", "GET / HTTP/1.1\r\nHost: a\r\nX-Half: ", "")
    clients = []
    for number in range(count):
        client = socket.create_connection(("127.0.0.1", port), timeout=5)
        client.sendall(starts[number % len(starts)].encode())
        clients.append(client)
    return clients


def hold(child: subprocess.Popen, port: int, *, count: int = CLIENTS, form_path: str = "/form") -> Trial:
    """Attach the slow clients, ask 3 x 3 good requests, then stop the server by SIGTERM with them attached."""
    clients = attach(port, count, form_path)
    time.sleep(0.5)
    times = []
    for _ in range(3):
        for _ in range(3):
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, seconds = ask(port)
                if status == 200 and seconds <= GOOD_SECONDS_MAX:
                    times.append(seconds)
        time.sleep(0.2)
    started = time.monotonic()
    child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=GRACE_SECONDS_MAX)
    stopped = time.monotonic() - started if child.poll() is not None else float("inf")
    for client in clients:
        client.close()
    return Trial(answered=len(times), slowest=max(times, default=float("inf")), stopped=stopped)


def cpu_seconds(session: int) -> float:
    """Add up the CPU of all processes of a session, from /proc."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def cost(child: subprocess.Popen, port: int, sample: int = SAMPLE) -> float:
    """Measure CPU microseconds a request over one kept connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    before = cpu_seconds(child.pid)
    for _ in range(sample):
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    connection.close()
    return (cpu_seconds(child.pid) - before) / sample * 1e6


def measure(server: str, trials: int) -> tuple[float, list[Trial]]:
    results, costs = [], []
    for _ in range(trials):
        port = free_port()
        with serving(command_of(server, port), port) as child:
            costs.append(cost(child, port))
            results.append(hold(child, port))
    return statistics.median(costs), results


def run(trials: int = 3) -> bool:
    """Compare the servers; gives whether the one that the product uses passes the gate."""
    has_passed = False
    for server in SERVERS:
        microseconds, results = measure(server, trials)
        answered = "/".join(str(result.answered) for result in results)
        slowest = max(result.slowest for result in results)
        stopped = max(result.stopped for result in results)
        passes = all(result.answered == 9 for result in results) and stopped <= GRACE_SECONDS_MAX
        has_passed = has_passed or (passes and server == CHOSEN)
        print(
            f"{server}: {microseconds:.0f} us CPU a request; of 9 good requests answered {answered};"
            f" slowest {slowest:.2f} s; stopped in {stopped:.1f} s; goal 9 each: {'kept' if passes else 'missed'}",
            flush=True,
        )
    return has_passed

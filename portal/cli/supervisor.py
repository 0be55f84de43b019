"""Keeps a handful of child processes running until it is told to stop, and then leaves none behind.

Each child dies with this process: kill -9 of it kills them too, at once, because what they would still wait for
(the database) goes the same way. A child that ends by itself is started again; one that keeps ending stops
everything, because a demo with a silent hole in it helps nobody.
"""

import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from portal.cli.processes import die_with_parent

READY_SECONDS_MAX = 30
STOP_SECONDS_MAX = 10
RESTARTS_MAX = 5
RESTARTS_WITHIN_SECONDS = 60
LOG_BYTES_MAX = 5_000_000


class ChildError(Exception):
    """A child did not come up, or kept ending; the message ends with the last lines that it wrote."""


class StoppedError(Exception):
    """Somebody asked to stop while things were still starting."""


@dataclass(frozen=True, kw_only=True)
class Process:
    """One child: its words, and the address that answers 200 once it is ready (None: alive is enough)."""

    name: str
    command: tuple[str, ...]
    ready_url: str | None = None


@dataclass(kw_only=True)
class Child:
    """A started process and when it had to be started again."""

    process: Process
    popen: subprocess.Popen[bytes]
    restarts: list[float] = field(default_factory=list)


class Supervisor:
    """Starts, watches and stops children; their output goes to one log file each."""

    def __init__(self, *, logs: Path, environ: Mapping[str, str], cwd: Path) -> None:
        self.logs = logs
        self.environ = dict(environ)
        self.cwd = cwd
        self.children: list[Child] = []
        self.is_stopping = False
        logs.mkdir(parents=True, exist_ok=True)

    def listen(self) -> None:
        """Take SIGINT, SIGTERM and SIGHUP as the wish to stop (not SIGHUP under nohup, which ignores it)."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._wish_stop)

    def _wish_stop(self, _number: int, _frame: object) -> None:
        self.is_stopping = True

    def start(self, processes: Sequence[Process]) -> None:
        """Start processes without waiting for them."""
        self.children += [Child(process=process, popen=self._spawn(process)) for process in processes]

    def _spawn(self, process: Process) -> subprocess.Popen[bytes]:
        log = self.log_of(process)
        if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as out:
            return subprocess.Popen(
                process.command,
                cwd=self.cwd,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - this process runs no threads
            )

    def finish(self, command: Sequence[str]) -> int:
        """Run a command to its end, its words shown as they come; gives its exit code, raises StoppedError."""
        child = subprocess.Popen(
            command,
            cwd=self.cwd,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - this process runs no threads
        )
        while child.poll() is None:
            if self.is_stopping:
                child.terminate()
                child.wait()
                raise StoppedError
            time.sleep(0.05)
        return child.returncode

    def log_of(self, process: Process) -> Path:
        """Name the file that a process writes to."""
        return self.logs / f"{process.name}.log"

    def wait_until_ready(self) -> None:
        """Wait until every child answers; raises ChildError when one does not in time, or StoppedError."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        for child in self.children:
            url = child.process.ready_url
            while url and not is_ready(url):
                if self.is_stopping:
                    raise StoppedError
                if time.monotonic() > deadline:
                    raise ChildError(self._last_words(child, "does not answer"))
                self.watch()
                time.sleep(0.05)

    def watch(self) -> None:
        """Start again what has ended by itself; raises ChildError for one that keeps ending."""
        for child in self.children:
            if child.popen.poll() is None or self.is_stopping:
                continue
            now = time.monotonic()
            child.restarts = [at for at in child.restarts if now - at < RESTARTS_WITHIN_SECONDS]
            if len(child.restarts) >= RESTARTS_MAX:
                raise ChildError(self._last_words(child, f"ended with code {child.popen.returncode}"))
            child.restarts.append(now)
            time.sleep(0.2 * len(child.restarts))
            child.popen = self._spawn(child.process)

    def _last_words(self, child: Child, what: str) -> str:
        log = self.log_of(child.process)
        return f"{child.process.name} {what}; {log} ends:\n{log.read_text(errors='replace')[-1500:]}"

    def run(self, also_watch: Callable[[], None]) -> None:
        """Watch the children until a signal asks to stop; raises ChildError."""
        while not self.is_stopping:
            also_watch()
            self.watch()
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop all children, the last started first, by SIGTERM; what does not end in time is killed."""
        self.is_stopping = True
        for child in reversed(self.children):
            with suppress(ProcessLookupError):
                child.popen.terminate()
        deadline = time.monotonic() + STOP_SECONDS_MAX
        for child in reversed(self.children):
            try:
                child.popen.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.popen.kill()
                child.popen.wait()
        self.children.clear()


def is_ready(url: str) -> bool:
    """Ask an address of this machine whether it answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - an http address of our own child
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False

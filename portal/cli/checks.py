"""`portal test`: everything that is checked, on a throw-away PostgreSQL that keeps nothing safe and is fast."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

from portal.cli.database import FAST, running
from portal.cli.environment import LOCAL, ROOT
from portal.cli.postgres import DatabaseError
from portal.cli.processes import AlreadyRunningError, die_with_parent, only_one

LOCK = LOCAL / "test.lock"
SERVER = LOCAL / "pg-test"
#: Each worker takes its half of the files in order, so that a file is set up once, and then helps the other.
IN_PARALLEL = ("-n", "2", "--dist", "worksteal")
#: What is checked before the tests, each with its words.
GATES: dict[str, tuple[str, ...]] = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "floors": ("lint-imports", "--no-logo"),
    "types": ("mypy",),
    "docstrings": ("interrogate", "--quiet", "portal/core", "portal/actions"),
}


@contextmanager
def test_server(environ: Mapping[str, str]) -> Iterator[str]:
    """Give the superuser's address of a server for tests: PORTAL_TEST_SERVER, or one started for the block."""
    if environ.get("PORTAL_TEST_SERVER"):
        yield environ["PORTAL_TEST_SERVER"]
        return
    with running(SERVER, environ, FAST) as server:
        yield server.url()


def run(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run one command to its end, ended with this process; gives its exit code."""
    child = subprocess.Popen(
        words,
        cwd=ROOT,
        env=dict(environ),
        preexec_fn=die_with_parent(),  # noqa: PLW1509 - this process runs no threads
    )
    try:
        return child.wait()
    except BaseException:
        child.terminate()
        child.wait(timeout=20)
        raise


def first_failing_gate(environ: Mapping[str, str]) -> int:
    """Run the gates in order; gives the exit code of the first that fails, or 0."""
    for name, words in GATES.items():
        started = time.monotonic()
        code = run(words, environ)
        click.echo(f"{name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - started:.1f} s)")
        if code:
            return code
    return 0


def run_pytest(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run pytest on a server for tests; gives its exit code."""
    with test_server(environ) as url:
        words = [sys.executable, "-m", "pytest", *arguments]
        return run(words, {**environ, "PORTAL_TEST_SERVER": url})


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run every check; with ARGUMENTS only pytest with them."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with only_one(LOCK, "A test run of this folder is going on already; wait for it or stop it"):
            code = 0 if arguments else first_failing_gate(os.environ)
            code = code or run_pytest(arguments or IN_PARALLEL, os.environ)
    except (AlreadyRunningError, DatabaseError) as problem:
        raise click.ClickException(str(problem)) from problem
    sys.exit(code)

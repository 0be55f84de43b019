"""`portal demo`: the whole product on this machine, with stand-ins for the outside world.

What runs is data: to add a process, add a line to STAND_INS or WORKERS.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

import click

from portal.cli import database
from portal.cli.environment import (
    DEMO,
    DEMO_SERVER,
    LOCAL,
    ROOT,
    addresses_of,
    choose_ports,
    demo_environment,
    migrate,
    own_server,
)
from portal.cli.postgres import DatabaseError
from portal.cli.processes import AlreadyRunningError, only_one
from portal.cli.supervisor import ChildError, Process, Supervisor

#: Name (of its port too) -> the module that plays the outside party.
STAND_INS = {
    "stripe": "portal.simulators.stripe",
    "inbox": "portal.simulators.inbox",
    "case_system": "portal.simulators.case_system",
    "training": "portal.simulators.training",
}
#: Name -> module of each background process.
WORKERS = {
    "jobs": "portal.jobs.worker",
    "deliveries": "portal.jobs.deliveries",
}
LOCK = LOCAL / "demo.lock"
ALL_OF_THE_DEMO = (DEMO_SERVER, DEMO)


@dataclass(kw_only=True)
class OwnDatabase:
    """The demo's PostgreSQL while it runs; started again when it ends by itself."""

    server: database.Server
    child: subprocess.Popen[bytes]

    def watch(self) -> None:
        """Start the server again after a crash; committed rows are still there."""
        if self.child.poll() is not None:
            say("PostgreSQL ended by itself; starting it again")
            self.child = database.start(self.server)


STARTED = time.monotonic()


def say(words: str) -> None:
    """Tell the person at the keyboard what is happening, with the seconds since the start."""
    click.echo(f"[{time.monotonic() - STARTED:5.1f} s] {words}", err=True)


def stand_ins(ports: Mapping[str, int]) -> list[Process]:
    """List the outside parties with their ports."""
    return [
        Process(
            name=name,
            command=(sys.executable, "-m", module, "--port", str(ports[name])),
            ready_url=f"http://127.0.0.1:{ports[name]}/healthz",
        )
        for name, module in STAND_INS.items()
    ]


def own_processes(ports: Mapping[str, int]) -> list[Process]:
    """List the web server and the workers."""
    port = str(ports["web"])
    portal = (sys.executable, "-m", "portal.cli.main")
    web = Process(
        name="web", command=(*portal, "serve", "--port", port), ready_url=f"http://127.0.0.1:{port}/readyz"
    )
    workers = [Process(name=name, command=(sys.executable, "-m", module)) for name, module in WORKERS.items()]
    return [web, *workers]


def start_over() -> None:
    """Throw away the demo's database, keys, ports and logs."""
    say("Throwing the old demo away (--fresh)")
    for folder in ALL_OF_THE_DEMO:
        shutil.rmtree(folder, ignore_errors=True)


def seed(environ: Mapping[str, str]) -> None:
    """Fill an empty database with the demo lender; says nothing when there is one already."""
    command = [sys.executable, "-m", "portal.cli.main", "seed", "--if-empty"]
    done = subprocess.run(command, cwd=ROOT, env=dict(environ), check=False)
    if done.returncode != 0:
        raise ChildError(f"the demo lender could not be made (portal seed ended with code {done.returncode})")


def show_links(environ: Mapping[str, str]) -> None:
    """Print where to look, as `portal seed --links` knows it."""
    subprocess.run(
        [sys.executable, "-m", "portal.cli.main", "seed", "--links"], cwd=ROOT, env=dict(environ), check=False
    )


@click.command()
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and start over.")
def demo(*, fresh: bool) -> None:
    """Start the whole product with its demo lender; Ctrl-C stops all of it."""
    try:
        with only_one(LOCK, "The demo of this folder is running already; stop it first"):
            if fresh:
                start_over()
            run_demo(os.environ)
    except (AlreadyRunningError, DatabaseError, ChildError) as problem:
        raise click.ClickException(str(problem)) from problem


def run_demo(environ: Mapping[str, str]) -> None:
    """Start everything in order, print the links, and stay until a signal comes."""
    ports = choose_ports()
    say("Starting PostgreSQL" if not environ.get("DATABASE_URL") else "Using the database of DATABASE_URL")
    server = own_server(environ)
    own = OwnDatabase(server=server, child=database.start(server)) if server else None
    supervisor = None
    try:
        addresses = addresses_of(server, environ)
        composed = demo_environment(addresses, ports, environ)
        supervisor = Supervisor(logs=DEMO / "logs", environ=composed, cwd=ROOT)
        supervisor.listen()
        say("Starting the stand-ins for payment provider, phones, case system and school")
        supervisor.start(stand_ins(ports))
        say("Bringing the schema up to date")
        migrate(addresses.owner)
        seed(composed)
        say("Starting web, jobs and deliveries")
        supervisor.start(own_processes(ports))
        supervisor.wait_until_ready()
        if not supervisor.is_stopping:
            say("Ready")
            show_links(composed)
        supervisor.run(own.watch if own else lambda: None)
        say("Stopping")
    finally:
        if supervisor:
            supervisor.stop()
        if own:
            database.stop(own.child)
    say("Stopped")

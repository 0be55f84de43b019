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
from datetime import datetime

import click
import psycopg

from portal.cli import database
from portal.cli.environment import (
    DEMO,
    DEMO_HOME,
    DEMO_SERVER,
    ROOT,
    addresses_of,
    choose_ports,
    demo_environment,
    migrate,
    own_server,
)
from portal.cli.postgres import DatabaseError
from portal.cli.processes import AlreadyRunningError, only_one
from portal.cli.supervisor import ChildError, Process, StoppedError, Supervisor

#: Name (of its port too) -> the module that plays the outside party.
STAND_INS = {
    "stripe": "portal.simulators.stripe",
    "inbox": "portal.simulators.inbox",
    "case_system": "portal.simulators.case_system",
    "training": "portal.simulators.training",
    "time_stamps": "portal.simulators.time_stamps",
    "qr": "portal.simulators.qr",
}
#: Name -> module of each background process.
WORKERS = {
    "jobs": "portal.jobs.worker",
    "deliveries": "portal.jobs.deliveries",
}
PORTAL = (sys.executable, "-m", "portal.cli.main")
LOCK = DEMO_HOME / "demo.lock"
#: There once the demo lender is whole; an own database without it was left half-made and is made anew.
SEEDED = DEMO / "seeded"
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
    web = Process(
        name="web", command=(*PORTAL, "serve", "--port", port), ready_url=f"http://127.0.0.1:{port}/readyz"
    )
    workers = [Process(name=name, command=(sys.executable, "-m", module)) for name, module in WORKERS.items()]
    return [web, *workers]


def start_over() -> None:
    """Throw away the demo's database, keys, ports and logs."""
    say("Throwing the old demo away (--fresh)")
    SEEDED.unlink(missing_ok=True)
    for folder in ALL_OF_THE_DEMO:
        shutil.rmtree(folder, ignore_errors=True)


def is_empty(owner_url: str) -> bool:
    """Tell whether the database has no lender yet."""
    with psycopg.connect(owner_url) as connection:
        return connection.execute("SELECT 1 FROM lenders LIMIT 1").fetchone() is None


@click.command()
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and start over.")
@click.option(
    "--travel", type=click.DateTime(["%Y-%m-%d"]), help="Move the running demo to a day and watch plans act."
)
def demo(*, fresh: bool, travel: datetime | None) -> None:
    """Start the whole product with its demo lender; Ctrl-C stops all of it."""
    if travel is not None:
        raise SystemExit(subprocess.call((*PORTAL, "travel", "--to", f"{travel:%Y-%m-%d}")))
    try:
        with only_one(LOCK, "The demo of this folder is running already; stop it first"):
            if fresh:
                start_over()
            run_demo(os.environ)
    except (AlreadyRunningError, DatabaseError, ChildError) as problem:
        raise click.ClickException(str(problem)) from problem


def start_product(supervisor: Supervisor, ports: Mapping[str, int], *, owner_url: str) -> None:
    """Start web and workers, fill an empty database meanwhile, and print where to look."""
    say("Starting web, jobs and deliveries")
    supervisor.start(own_processes(ports))
    if is_empty(owner_url):
        say("Making the demo lender")
        SEEDED.unlink(missing_ok=True)
        if code := supervisor.finish((*PORTAL, "seed")):
            raise ChildError(f"the demo lender could not be made (portal seed ended with code {code})")
    SEEDED.touch()
    supervisor.wait_until_ready()
    say("Ready")
    if code := supervisor.finish((*PORTAL, "seed", "--links")):
        raise ChildError(f"the demo's links could not be told (portal seed --links ended with code {code})")


def run_demo(environ: Mapping[str, str]) -> None:
    """Start everything in order, print the links, and stay until a signal comes."""
    ports = choose_ports()
    supervisor = Supervisor(logs=DEMO / "logs", environ=environ, cwd=ROOT)
    supervisor.listen()
    say("Starting PostgreSQL" if not environ.get("DATABASE_URL") else "Using the database of DATABASE_URL")
    server = own_server(environ)
    own = OwnDatabase(server=server, child=database.start(server)) if server else None
    try:
        addresses = addresses_of(server, environ, is_new=not SEEDED.exists())
        supervisor.environ = demo_environment(addresses, ports, environ)
        say("Starting the stand-ins for payment provider, phones, case system and school")
        supervisor.start(stand_ins(ports))
        say("Bringing the schema up to date")
        migrate(addresses.owner)
        start_product(supervisor, ports, owner_url=addresses.owner)
        supervisor.run(own.watch if own else lambda: None)
    except StoppedError:
        pass
    finally:
        say("Stopping")
        supervisor.stop()
        if own:
            database.stop(own.child)
    say("Stopped")

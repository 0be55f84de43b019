"""`portal case-system write-back …`: what happened here goes into a lending system, event by event, each once."""

import time
from pathlib import Path

import click
import httpx

from portal.actions.evidence.number_events import number_events
from portal.cli.evidence import open_lender, opened_database
from portal.gateways.case_systems.fineract import Fineract
from portal.gateways.case_systems.frappe_lending import FrappeLending
from portal.gateways.case_systems.shapes import CaseSystem, CaseSystemError
from portal.gateways.case_systems.write_back import Told, write_back
from portal.store import leaves
from portal.store.leaves import Leaf
from portal.store.work import Work

PAGE = 200
STOPPED = 1


@click.group()
def command() -> None:
    """Write payments and plan changes back to a lending system."""


@command.command("write-back")
@click.option("--lender", "slug", required=True, help="The lender's short name.")
@click.option("--system", type=click.Choice(["fineract", "frappe"]), required=True, help="What it is.")
@click.option("--url", required=True, help="fineract: up to /api/v1; frappe: the address of the site.")
@click.option("--user", envvar="CASE_SYSTEM_USER", required=True, help="User, or the API key of frappe.")
@click.option(
    "--secret", envvar="CASE_SYSTEM_SECRET", required=True, help="Password, or the API secret of frappe."
)
@click.option("--tenant", default="default", show_default=True, help="fineract: its tenant.")
@click.option("--reason", "reason_id", default=0, help="fineract: the code value of its reschedule reason.")
@click.option("--currency", default="INR", show_default=True, help="frappe: the currency of its company.")
@click.option(
    "--cursor",
    "place",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file that says how far it got; it begins at the first event when there is none.",
)
@click.option("--every", "seconds", type=int, help="Go on, looking again after so many seconds.")
def write(slug: str, place: Path, seconds: int | None, **where: str) -> None:
    """Write back what was not yet: payments are booked, plan changes wait for the staff there.

    Exit code 1 where the case system did not do what it was asked: the same command goes on from there.
    """
    with opened_database() as database, httpx.Client(base_url=where["url"].rstrip("/") + "/") as client:
        work, system = open_lender(database, slug), connect(client, **where)
        while True:
            try:
                catch_up(work, system, place)
            except CaseSystemError as fault:
                click.echo(f"Stopped: {fault}", err=True)
                if seconds is None:
                    raise SystemExit(STOPPED) from fault
            if seconds is None:
                return
            time.sleep(seconds)


def connect(client: httpx.Client, *, system: str, user: str, secret: str, **more: str) -> CaseSystem:
    """Open the connector of a kind of system."""
    if system == "fineract":
        reason_id = int(more["reason_id"])
        return Fineract(client, tenant=more["tenant"], username=user, password=secret, reason_id=reason_id)
    return FrappeLending(client, api_key=user, api_secret=secret, currency=more["currency"])


def catch_up(work: Work, system: CaseSystem, place: Path) -> int:
    """Write every event after the cursor back, in the log's order; gives how many were written. Raises CaseSystemError.

    The cursor moves after each event that is done, so a crash repeats one event at most, and that is met as known.
    """
    number_events(work)
    after, written = int(place.read_text()) if place.exists() else 0, 0
    while page := _page(work, after):
        for leaf in page:
            became = write_back(system, _told(leaf)) if leaf.account_ref else "nothing"
            if became != "nothing":
                written += became in {"booked", "drafted"}
                click.echo(f"{leaf.position}: {leaf.type} of {leaf.account_ref}: {became}")
            after = leaf.position
            _keep(place, after)
    return written


def _page(work: Work, after: int) -> list[Leaf]:
    with work.read() as tx:
        return leaves.list_leaves(tx, after=after, limit=PAGE)


def _told(leaf: Leaf) -> Told:
    return Told(type=leaf.type, account_ref=leaf.account_ref or "", at=leaf.occurred_at, payload=leaf.payload)


def _keep(place: Path, position: int) -> None:
    """Move the cursor by one rename: it is the old one or the new one, whenever the machine stops."""
    fresh = place.with_name(place.name + ".new")
    fresh.write_text(f"{position}\n")
    fresh.replace(place)

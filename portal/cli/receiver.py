"""`portal receiver`: a small real receiver of the portal's webhooks, to look at while docking a case system."""

import sys
from pathlib import Path

import click

from portal.simulators.case_system.__main__ import run


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=9000, show_default=True, help="The port; 0 takes a free one.")
@click.option("--secret", multiple=True, help="The endpoint's whsec_ secret; repeat it while one rotates.")
@click.option(
    "--journal", type=click.Path(path_type=Path), help="A file that keeps the events over a restart."
)
def command(*, host: str, port: int, secret: tuple[str, ...], journal: Path | None) -> None:
    """Receive webhooks, verify their signatures with the public library, and show the feed."""
    sys.exit(run(host=host, port=port, secrets=secret, journal=journal))

"""`portal work` and `portal deliver`: the background processes, under the same refusals as the web server."""

import os
import sys

import click

from portal.cli.refusals import RefusedError, safe_settings
from portal.jobs import deliveries, worker


@click.command()
def work() -> None:
    """Run background jobs until SIGTERM; start as many as you like."""
    _refuse()
    sys.exit(worker.main())


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def deliver(arguments: tuple[str, ...]) -> None:
    """Tell lenders what happened, until SIGTERM; start as many as you like."""
    if "--help" not in arguments:
        _refuse()
    sys.exit(deliveries.main(arguments))


def _refuse() -> None:
    try:
        safe_settings(os.environ)
    except RefusedError as problem:
        raise click.ClickException(f"not started: {problem}") from problem

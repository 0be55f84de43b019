"""Small commands for whoever operates the product: migrate, check, travel."""

from datetime import timedelta
from pathlib import Path

import click

from portal.cli.environment import NoDemoError, command_settings
from portal.cli.environment import migrate as migrate_to_newest
from portal.cli.refusals import check as refusals_of
from portal.gateways.clock import TravelClock
from portal.settings import SettingsError


@click.command()
def migrate() -> None:
    """Bring the schema to this release, as the role of PORTAL_OWNER_DATABASE_URL."""
    try:
        with command_settings() as settings:
            if not settings.owner_database_url:
                raise click.ClickException("PORTAL_OWNER_DATABASE_URL is not set")
            migrate_to_newest(settings.owner_database_url)
    except (NoDemoError, SettingsError) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo("The schema is up to date.")


@click.command()
def check() -> None:
    """Tell every reason for which the product would refuse to start; exit code 1 when there is one."""
    try:
        with command_settings() as settings:
            reasons = refusals_of(settings)
    except (NoDemoError, SettingsError) as problem:
        raise click.ClickException(str(problem)) from problem
    for reason in reasons:
        click.echo(f"refused: {reason}")
    if reasons:
        raise SystemExit(1)
    click.echo("Nothing speaks against starting.")


@click.command()
@click.option("--days", default=0, help="Days to go forward (or back, below 0).")
@click.option("--hours", default=0, help="Hours to go forward (or back, below 0).")
def travel(days: int, hours: int) -> None:
    """Move the demo's clock; all its processes travel together."""
    try:
        with command_settings() as settings:
            if not settings.time_travel_file:
                raise click.ClickException("PORTAL_TIME_TRAVEL is not set: only the demo travels in time")
            clock = TravelClock(Path(settings.time_travel_file))
    except (NoDemoError, SettingsError) as problem:
        raise click.ClickException(str(problem)) from problem
    clock.travel(timedelta(days=days, hours=hours))
    click.echo(f"The demo's clock now says {clock.now():%Y-%m-%d %H:%M} UTC.")

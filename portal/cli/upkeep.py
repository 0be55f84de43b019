"""Small commands for whoever operates the product: migrate, check, travel."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from portal.cli.demo_travel import noon_of, travel_to
from portal.cli.environment import NoDemoError, command_settings
from portal.cli.environment import migrate as migrate_to_newest
from portal.cli.parts import services_of
from portal.cli.refusals import check as refusals_of
from portal.gateways.clock import TravelClock
from portal.settings import Settings, SettingsError


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
@click.option("--to", type=click.DateTime(["%Y-%m-%d"]), help="Go to noon of a day and watch plans act.")
def travel(days: int, hours: int, to: datetime | None) -> None:
    """Move the demo's clock; all its processes travel together."""
    try:
        with command_settings() as settings:
            if not settings.time_travel_file:
                raise click.ClickException("PORTAL_TIME_TRAVEL is not set: only the demo travels in time")
            clock = TravelClock(Path(settings.time_travel_file))
            if to is not None:
                _watch(settings, clock, to)
    except (NoDemoError, SettingsError) as problem:
        raise click.ClickException(str(problem)) from problem
    if days or hours:
        clock.travel(timedelta(days=days, hours=hours))
    click.echo(f"The demo's clock now says {clock.now():%Y-%m-%d %H:%M} UTC.")


def _watch(settings: Settings, clock: TravelClock, to: datetime) -> None:
    """Go to noon of a day and print what signed plans did on the way."""
    database = services_of(settings, pool_size=1).database
    try:
        acts = travel_to(database, clock, to=noon_of(to), base_url=settings.base_url, say=click.echo)
    finally:
        database.engine.dispose()
    click.echo(f"Signed plans did {acts} things by themselves on the way.")

"""`portal erase DEBTOR --lender SLUG`: forget a person as far as the law lets, and say what stays and until when."""

import click

from portal.actions.privacy.erase_debtor import erase_debtor
from portal.cli.evidence import open_lender, opened_database
from portal.core.actors import SYSTEM
from portal.gateways.clock import WallClock


@click.command()
@click.argument("debtor_ref")
@click.option("--lender", "slug", required=True, help="The lender's short name.")
@click.option("--reason", default="request", help="A code for the event: request, retention.")
def erase(debtor_ref: str, slug: str, reason: str) -> None:
    """Erase what may be erased of DEBTOR (dbt_…); run it again when the time of what was kept has come."""
    with opened_database() as database:
        done = erase_debtor(
            open_lender(database, slug),
            debtor_ref=debtor_ref,
            reason=reason,
            actor=SYSTEM,
            now=WallClock().now(),
        )
    if done is None:
        raise click.ClickException(f"{slug} has no debtor {debtor_ref}")
    click.echo(f"erased: {', '.join(done.erasure.now)} ({done.rows} rows)")
    if done.erasure.kept:
        until = f" until {done.erasure.until}" if done.erasure.until else ""
        click.echo(
            f"kept{until}: {', '.join(done.erasure.kept)}, because of {', '.join(done.erasure.reasons)}"
        )

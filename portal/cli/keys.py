"""`portal keys …`: change a lender's keys while it is served, wrap them anew after the master key was changed."""

import click

from portal.actions.keys.reseal_rows import reseal_rows, reseal_shared, rewrap_keys
from portal.actions.keys.rotate_keys import rotate_keys
from portal.cli.evidence import open_lender, opened_database
from portal.core.actors import SYSTEM
from portal.gateways.clock import WallClock
from portal.gateways.log_keys import make_key_pairs
from portal.store import keys, lenders

_lender = click.option("--lender", "slug", required=True, help="The lender's short name.")


@click.group()
def command() -> None:
    """Look after the keys: rotate, re-seal, wrap anew."""


@command.command()
@_lender
def rotate(slug: str) -> None:
    """Give a lender a new data key and its log new signing keys, and put every sealed value under the new key."""
    with opened_database() as database:
        work = open_lender(database, slug)
        done = rotate_keys(
            work,
            master_key=database.master_key,
            make_keys=make_key_pairs,
            actor=SYSTEM,
            now=WallClock().now(),
        )
        click.echo(
            f"Data key {done.data_key} seals from now on; the log is signed by {', '.join(done.log_key_ids)}."
        )
        for column, changed in reseal_rows(work):
            if changed:
                click.echo(f"  {column}: {changed} values")
    click.echo("Run `portal keys reseal` in a minute: a process may have used the old key until now.")


@command.command()
@_lender
def reseal(slug: str) -> None:
    """Put what is left under a lender's older keys under the newest one; may be run at any time."""
    with opened_database() as database:
        total = sum(changed for _, changed in reseal_rows(open_lender(database, slug)))
    click.echo(f"{total} values were put under the newest key.")


@command.command()
def rewrap() -> None:
    """Wrap every lender's keys with PORTAL_MASTER_KEY, which PORTAL_MASTER_KEY_PREVIOUS may have wrapped."""
    with opened_database() as database:
        with database.shared().read() as shared:
            every = lenders.list_lenders(shared)
        count = sum(rewrap_keys(database.work(one.lender_id), database) for one in every)
        fields = reseal_shared(database)
    click.echo(
        f"{count} keys of {len(every)} lenders and {fields} shared values are under the current master key."
    )


@command.command(name="list")
@_lender
def show(slug: str) -> None:
    """List a lender's data keys: number, purpose, and how they are wrapped."""
    with opened_database() as database, open_lender(database, slug).read() as tx:
        for key in keys.list_wrapped(tx):
            click.echo(f"{key.key_id}  {key.purpose:<6}  {key.algorithm}")

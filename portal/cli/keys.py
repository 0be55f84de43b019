"""`portal keys …`: change a lender's keys while it is served, wrap them anew after the master key was changed."""

import time
from collections.abc import Iterable

import click

from portal.actions.keys.renew_digests import renew_digests, use_new_digests
from portal.actions.keys.reseal_rows import reseal_rows, reseal_shared, rewrap_keys
from portal.actions.keys.rotate_keys import rotate_keys
from portal.cli.evidence import open_lender, opened_database
from portal.core.actors import SYSTEM
from portal.gateways.clock import WallClock
from portal.gateways.log_keys import make_key_pairs
from portal.store import keys, lenders
from portal.store.work import CIPHER_SECONDS, Work

_lender = click.option("--lender", "slug", required=True, help="The lender's short name.")


@click.group()
def command() -> None:
    """Look after the keys: rotate, re-seal, wrap anew."""


@command.command()
@_lender
def rotate(slug: str) -> None:
    """Give a lender new keys (data, look-up digests, log), and put every value under them; takes a minute or more."""
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
        _tell(reseal_rows(work))
        _renew(work)
    click.echo("Run `portal keys reseal` in a minute: a process may have used the old key until now.")


@command.command()
@_lender
def reseal(slug: str) -> None:
    """Put what is left under a lender's older keys under the newest one; may be run at any time."""
    with opened_database() as database:
        work = open_lender(database, slug)
        total = sum(changed for _, changed in reseal_rows(work)) + _renew(work)
    click.echo(f"{total} values were put under the newest key.")


def _renew(work: Work) -> int:
    """Bring look-up digests under the newest key, which is used only when every process has fetched it."""
    with work.read() as tx:
        waits = not all(key.is_in_use for key in keys.list_wrapped(tx))
    if waits:
        click.echo(
            f"Look-ups follow in {CIPHER_SECONDS * 2.2:.0f} seconds, when every process knows their new key."
        )
        time.sleep(CIPHER_SECONDS * 1.1)
        use_new_digests(work)
        time.sleep(CIPHER_SECONDS * 1.1)
    return _tell(renew_digests(work))


def _tell(steps: Iterable[tuple[str, int]]) -> int:
    total = 0
    for column, changed in steps:
        total += changed
        if changed:
            click.echo(f"  {column}: {changed} values")
    return total


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
            waits = "" if key.is_in_use else "  not in use yet"
            click.echo(f"{key.key_id}  {key.purpose:<6}  {key.algorithm}{waits}")

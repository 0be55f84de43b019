"""`portal import FILE --lender SLUG`: reads a file of accounts and says what became of every row."""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import available_timezones

import click

from portal.actions.accounts.import_accounts import ImportOutcome
from portal.actions.imports.import_file import SentFile, import_file
from portal.cli.environment import NoDemoError, command_settings
from portal.core.actors import SYSTEM
from portal.core.imports.amounts import DECIMALS
from portal.core.imports.columns import KINDS
from portal.core.imports.dates import ORDERS
from portal.core.imports.faults import Fault, explain
from portal.core.imports.files import Options, Places
from portal.gateways.clock import clock_of
from portal.gateways.ids import new_id
from portal.gateways.phones import COUNTRIES, normalize_phone
from portal.gateways.tables.shapes import SEPARATORS
from portal.settings import Settings, SettingsError
from portal.store.lenders import find_lender
from portal.store.work import open_database

SOME_ROWS_SENT_BACK, NOTHING_READ = 1, 2
NICE = 10
_COUNTS = {
    "rows": "rows read",
    "created": "accounts created",
    "updated": "changed or done",
    "unchanged": "unchanged",
    "kept": "kept as they are",
    "rejected": "rows sent back",
    "debtors_created": "debtors created",
}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lender", required=True, help="The lender's short name, such as northwind.")
@click.option(
    "--kind",
    type=click.Choice(tuple(KINDS)),
    default="accounts",
    show_default=True,
    help="What the file holds.",
)
@click.option("--whole", is_flag=True, help="The file has every open account: report those that it lacks.")
@click.option("--dry-run", is_flag=True, help="Look at the file and keep nothing.")
@click.option(
    "--date-order", type=click.Choice(ORDERS), default="ymd", show_default=True, help="Order of dates."
)
@click.option(
    "--decimal", type=click.Choice(DECIMALS), help="Decimal mark; seen in the file when not stated."
)
@click.option(
    "--encoding", help="utf-8, utf-16, gb18030, big5, windows-874 or windows-1252; seen when not stated."
)
@click.option(
    "--separator", type=click.Choice(tuple(SEPARATORS)), help="Between cells; seen when not stated."
)
@click.option(
    "--map", "mapping", multiple=True, metavar="THEIRS=OURS", help="A column of the file by another name."
)
def command(
    *,
    file: Path,
    lender: str,
    kind: str,
    whole: bool,
    dry_run: bool,
    date_order: str,
    decimal: str | None,
    encoding: str | None,
    separator: str | None,
    mapping: tuple[str, ...],
) -> None:
    """Import FILE (CSV, XLSX or JSON lines): accounts, transactions, lines or recalls.

    Exit code 0: every row was taken or is known already. 1: some rows were sent back, each with its reason.
    2: the file could not be read; nothing was changed.
    """
    _check_whole(kind, is_whole=whole)
    lower_priority()
    options = Options(
        kind=kind,
        date_order=date_order,
        decimal=decimal,
        mapping=_pairs(mapping),
        is_dry_run=dry_run,
        is_whole=whole,
        encoding=encoding,
        separator=separator,
    )
    try:
        with file.open("rb") as stream, command_settings() as settings:
            outcome = run_import(settings, lender=lender, file=stream, name=file.name, options=options)
    except (NoDemoError, SettingsError, LookupError) as problem:
        click.echo(f"Error: {problem}", err=True)
        raise SystemExit(NOTHING_READ) from problem
    show(outcome)
    _end(outcome)


def _end(outcome: ImportOutcome) -> None:
    if outcome.refused:
        raise SystemExit(NOTHING_READ)
    if outcome.counts["rejected"]:
        raise SystemExit(SOME_ROWS_SENT_BACK)


def lower_priority() -> None:
    """Let the pages go first: an import may take a minute longer, a person should not wait for it."""
    os.nice(NICE)


def _check_whole(kind: str, *, is_whole: bool) -> None:
    if is_whole and kind != "accounts":
        raise click.BadParameter("only a file of accounts is whole", param_hint="--whole")


def _pairs(mapping: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.rpartition("=") for one in mapping]
    if any(not theirs for theirs, _, _ in pairs):
        raise click.BadParameter("write it as THEIRS=OURS", param_hint="--map")
    return {theirs.strip(): ours.strip() for theirs, _, ours in pairs}


def run_import(
    settings: Settings, *, lender: str, file: BinaryIO, name: str, options: Options
) -> ImportOutcome:
    """Import a file, accounts as the bulk role, acts as the app; raises LookupError without that role or lender."""
    if settings.bulk_database_url is None:
        raise LookupError("PORTAL_BULK_DATABASE_URL is not set")
    app, bulk = (
        open_database(
            url=url,
            master_key=settings.master_key,
            previous_master_key=settings.master_key_previous,
            new_id=new_id,
            pool_size=1,
        )
        for url in (settings.database_url, settings.bulk_database_url)
    )
    now = clock_of(settings.time_travel_file).now()
    try:
        with app.shared().read() as tx:
            found = find_lender(tx, slug=lender)
        if found is None:
            raise LookupError(f"there is no lender called {lender}")
        sent = SentFile(file=file, name=name, options=options, places=places_on(now), actor=SYSTEM, now=now)
        return import_file(app.work(found.lender_id), bulk.work(found.lender_id), sent)
    finally:
        app.engine.dispose()
        bulk.engine.dispose()


def places_on(now: datetime) -> Places:
    """Give what the rules of rows need of the world."""
    return Places(
        today=now.astimezone(UTC).date(),
        countries=COUNTRIES,
        time_zones=frozenset(available_timezones()),
        normalize_phone=normalize_phone,
    )


def show(outcome: ImportOutcome) -> None:
    """Print how the file was read, what became of its rows, and why rows were sent back."""
    if outcome.refused:
        wrong, remedy = explain(outcome.refused)
        click.echo(f"The file was not taken. {wrong} {remedy}")
        return
    _show_reading(outcome)
    if outcome.before:
        click.echo(f"This very file was imported before, on {outcome.before:%Y-%m-%d %H:%M} UTC.")
    for name, words in _COUNTS.items():
        click.echo(f"{outcome.counts[name]:>9,}  {words}")
    if "missing" in outcome.counts:
        click.echo(f"{outcome.counts['missing']:>9,}  open accounts that the file lacks")
    if outcome.counts["creditors_created"]:
        click.echo(f"New creditors: {', '.join(outcome.counts['creditors_created'])}")
    if outcome.counts["rows"] == outcome.counts["unchanged"]:
        click.echo("Nothing changed.")
    if outcome.state == "checked":
        click.echo("This was a dry run: nothing was kept.")
    _hint(outcome)
    for number, one in outcome.rejects:
        click.echo(_line(number, one))


def _hint(outcome: ImportOutcome) -> None:
    """Say before the rows what would spare most of them: dates that read well in another order."""
    orders = Counter(one.params["other"] for _, one in outcome.rejects if one.reason == "date.order")
    if orders:
        order, rows = orders.most_common(1)[0]
        click.echo(f"Hint: {rows:,} dates read well as {order}. Try again with --date-order {order}.")


def _show_reading(outcome: ImportOutcome) -> None:
    reading = outcome.reading
    parts = [reading["kind"], f"dates {reading['date_order']}"]
    for name in ("encoding", "separator", "decimal"):
        if reading[name]:
            seen = " (seen in the file)" if name in reading["detected"] else ""
            parts.append(f"{name} {reading[name]}{seen}")
    click.echo(f"Read as {', '.join(parts)}.")
    if reading["ignored_columns"]:
        click.echo(f"Columns that were not read: {', '.join(reading['ignored_columns'])}")


def _line(number: int, one: Fault) -> str:
    wrong, remedy = explain(one)
    place = f" {one.column}" if one.column else ""
    value = f" “{one.value}”" if one.value else ""
    return f"Row {number}{place}{value}: {wrong} {remedy}"

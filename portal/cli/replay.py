"""`portal replay FILE`: make recorded answers of the engine again and compare them byte by byte."""

import json
from pathlib import Path
from typing import Any

import click

from portal.core.errors import PortalError
from portal.core.negotiation.replay import replay


def records_in(text: str) -> list[Any]:
    """Read one JSON record, a list of them, or one a line."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return document if isinstance(document, list) else [document]


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Replay the audit records in FILE; prints a line each and exits 1 when one is not equal."""
    unequal = 0
    try:
        records = records_in(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise click.ClickException(f"{file}: not JSON ({error})") from error
    for number, record in enumerate(records, 1):
        try:
            done = replay(record)
        except PortalError as error:
            unequal += 1
            click.echo(f"{number}: unreadable: {error}")
            continue
        unequal += not done.is_equal
        said = "equal" if done.is_equal else f"differs in {', '.join(done.differences)}"
        click.echo(f"{number}: {said} {done.expected_hash[:16]} {done.found_hash[:16]}")
    click.echo(f"{len(records) - unequal} of {len(records)} equal")
    if unequal:
        raise SystemExit(1)

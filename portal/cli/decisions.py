"""`portal decisions CASE --lender SLUG`: a case's decisions, one record a line, as `portal replay` reads them."""

import json

import click

from portal.cli.environment import NoDemoError, command_settings
from portal.cli.parts import services_of
from portal.store import bounds, cases, lenders
from portal.store.rows import known
from portal.store.work import Database


def records_of(database: Database, *, slug: str, case_ref: str) -> list[dict[str, object]]:
    """Put the records of a case together with the bounds they rest on; raises click.ClickException for no such case."""
    with database.shared().read() as shared:
        lender = lenders.find_lender(shared, slug=slug)
    if lender is None:
        raise click.ClickException(f"there is no lender {slug}")
    with database.work(lender.lender_id).read() as tx:
        case = cases.find_case(tx, case_ref=case_ref)
        if case is None:
            raise click.ClickException(f"{slug} has no case {case_ref}")
        return [
            {
                **decision.row["record"],
                "bounds": known(bounds.find_bounds(tx, bounds_id=decision.row["bounds_id"])).body,
            }
            for decision in cases.list_decisions(tx, case_id=case.case_id)
        ]


@click.command()
@click.argument("case_ref")
@click.option("--lender", "slug", required=True, help="The lender's short name.")
def command(case_ref: str, slug: str) -> None:
    """Print the decisions of a case, private to the lender, one JSON record a line: replay them with portal replay."""
    try:
        with command_settings() as settings:
            for record in records_of(
                services_of(settings, pool_size=1).database, slug=slug, case_ref=case_ref
            ):
                click.echo(json.dumps(record, ensure_ascii=False, sort_keys=True))
    except NoDemoError as problem:
        raise click.ClickException(str(problem)) from problem

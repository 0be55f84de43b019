"""`portal events document`: write down the event catalog for the lender's developers."""

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from portal.core.events.documents import build_asyncapi, write_page

ROOT = Path(__file__).resolve().parents[2]


def documents() -> dict[str, str]:
    """Give each generated file, by its path below the root of the project, with its text."""
    asyncapi = json.dumps(build_asyncapi(version=product_version()), indent=1, ensure_ascii=False)
    return {"docs/events.md": write_page(), "docs/asyncapi.json": asyncapi + "\n"}


def product_version() -> str:
    """Give the product's version, also where it runs from a source tree that was not installed."""
    try:
        return version("portal")
    except PackageNotFoundError:
        return "0.1.0"


@click.group()
def command() -> None:
    """Look after the event catalog."""


@command.command()
def document() -> None:
    """Write docs/events.md and docs/asyncapi.json from the catalog."""
    for path, text in documents().items():
        (ROOT / path).write_text(text, encoding="utf-8")
        click.echo(f"{path}: {len(text):,} characters")

"""Axe, the tool that finds whom a page shuts out, asked for no more than the tests read."""

from axe_playwright_python.sync_playwright import Axe

LAWS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
OPTIONS = {
    "resultTypes": ["violations"],
    "selectors": False,
}  # what passed, and where it stands, costs half the time


def faults_of(page, **options):
    """Give each violation as (rule, start of the first element that breaks it)."""
    found = Axe().run(page, options=OPTIONS | options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]

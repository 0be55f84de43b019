"""`portal bench negotiation`: every policy against the same made-up debtors, the curves, and which bars hold."""

import random
import time
from collections.abc import Iterable

import click

from portal.core.bench import generator, second
from portal.core.bench.document import ALPHA, BAND_Q, OPEN_SHARE
from portal.core.bench.table import (
    Bar,
    Crowd,
    Line,
    alphas,
    bands,
    bars,
    crowd_of,
    informed_lines,
    open_shares,
    policies,
)

HEAD = f"{'':<28}{'agree':>7}{'value':>7}{'Nash':>7}{'kept':>7}{'rounds':>8}{'twin gap':>10}{'apart':>7}"


@click.group()
def command() -> None:
    """Measure policies on made-up debtors."""


@command.command()
@click.option("--seed", default=1, show_default=True, help="Seed of the made-up debtors.")
@click.option("--debtors", "count", default=generator.COUNT, show_default=True, help="How many of each.")
@click.option("--eps", default=generator.EPS, show_default=True, help="Elasticity in the first world.")
@click.option("--curves/--no-curves", default=True, help="Print the trade-off curves too.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a bar is not reached.")
@click.pass_context
def negotiation(
    context: click.Context, *, seed: int, count: int, eps: float, curves: bool, strict: bool
) -> None:
    """Play the engine and the baselines against two kinds of made-up debtors."""
    good = True
    for title, debtors in (
        (f"first generator (elasticity {eps:g})", generator.debtors(_draws(seed), count, eps=eps)),
        ("second generator", second.debtors(_draws(seed), count)),
    ):
        started = time.process_time()
        crowd = crowd_of(debtors)
        zone = sum(1 for field in crowd.fields if field.zone)
        print(f"\n== {title}, seed {seed}: {len(debtors)} debtors, {zone} with a zone of agreement")
        found = _show(policies(crowd))
        good = _bars(bars(found)) and good
        if curves:
            _curves(crowd)
        print(f"{time.process_time() - started:.1f} s of processor time")
    if strict and not good:
        context.exit(1)


def _draws(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- made-up debtors that anybody can make again, not secrets


def _show(lines: Iterable[Line], head: str = HEAD) -> list[Line]:
    print(head)
    found = []
    for line in lines:
        one = line.measures
        figures = f"{one.agreement:7.3f}{one.value:7.3f}{one.nash:7.3f}{one.completion:7.3f}{one.rounds:8.2f}"
        print(f"{line.name:<28}{figures}{line.gap:10.3f}{line.apart:7.2f}")
        found.append(line)
    return found


def _bars(found: tuple[Bar, ...]) -> bool:
    for bar in found:
        sign = "<=" if bar.most else ">="
        print(
            f"  {bar.name:<38}{bar.found:8.3f} {sign} {bar.goal:.3f}  {'ok' if bar.holds else 'NOT REACHED'}"
        )
    return all(bar.holds for bar in found)


def _curves(crowd: Crowd) -> None:
    print(
        f"\nband at the first stages (ships {BAND_Q[0]}: the last point where the debtor's side still holds)"
    )
    _show(bands(crowd))
    print(f"\nweight of the lender's side in the Nash product (ships {ALPHA})")
    _show(alphas(crowd))
    print(f"\nopen share, one round of facts only (ships {OPEN_SHARE}, weight {ALPHA})")
    print("lender income falls where refusals outweigh what the tighter offers bring: look before tightening")
    _show(open_shares(crowd))
    print("\nknowing every debtor's mind: no policy that looks at facts only can be above this curve")
    _show(informed_lines(crowd))

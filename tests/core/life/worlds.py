"""Random plans, holds and money for the properties of a plan's life."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.core.calendar import due_dates
from portal.core.life.acts import World
from portal.core.life.clock import Frozen
from portal.core.life.replay import GivenBack, Paid
from portal.core.life.state import Life, Row
from portal.core.life.terms import LifeTerms, Rhythm

ZONES = (
    "America/New_York",
    "Europe/London",
    "Asia/Bangkok",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Pacific/Auckland",
)


def terms_of(draw, first_on):
    return LifeTerms(
        rhythm=Rhythm(
            freq=draw.choice(["weekly", "fortnightly", "monthly", "monthly"]),
            first_on=first_on,
            due_day=first_on.day,
            rule=draw.choice(["following", "none"]),
        ),
        grace_days=draw.randrange(0, 9),
        missed_before_broken=draw.randrange(1, 4),
        cure_days=draw.randrange(0, 20),
        moves_per_year=draw.randrange(0, 4),
        re_age_kept=draw.randrange(0, 4),
    )


def a_world(draw):
    """Make a plan with its terms, holds and money: (life, world, happenings, until)."""
    first_on = date(2027, 1, 1) + timedelta(days=draw.randrange(400))
    terms = terms_of(draw, first_on)
    zone = ZoneInfo(draw.choice(ZONES))
    born = datetime(first_on.year, first_on.month, first_on.day, 15, 30, tzinfo=UTC) - timedelta(
        days=draw.randrange(2, 30)
    )
    count = draw.randrange(1, 7)
    days = due_dates(
        first_on=first_on,
        frequency=terms.rhythm.freq,
        count=count,
        due_day=first_on.day if terms.rhythm.freq == "monthly" else None,
        rule=terms.rhythm.rule,
    )
    rows = [(n, day, draw.randrange(100, 999)) for n, day in enumerate(days, 1)]
    if draw.random() < 0.2 and rows[0][1] - timedelta(days=1) > born.date():
        rows.insert(0, (0, rows[0][1] - timedelta(days=1), 200))
    until = born + timedelta(days=draw.randrange(20, 250))
    life = Life(
        rows=tuple(Row(number=n, due_on=day, amount=amount, since=born) for n, day, amount in rows),
        as_of=born,
    )
    world = World(terms=terms, zone=zone, frozen=_holds(draw, born, until))
    return life, world, _money(draw, life, born, until), until


def _holds(draw, born, until):
    found = []
    for _ in range(draw.choice([0, 0, 1, 1, 2])):
        start = born + timedelta(hours=draw.randrange(1, 24 * 150))
        end = None if draw.random() < 0.1 else start + timedelta(hours=draw.randrange(1, 24 * 45))
        found.append(Frozen("pause", start, end))
    return tuple(found)


def _money(draw, life, born, until):
    found = []
    for _ in range(draw.randrange(0, 8)):
        at = born + timedelta(minutes=draw.randrange(1, 60 * 24 * 250))
        if draw.random() < 0.15:
            found.append(GivenBack(at, draw.randrange(1, 900)))
        else:
            found.append(Paid(at, draw.choice([draw.randrange(1, 1500), life.rows[-1].amount])))
    return sorted(found, key=lambda one: one.at)

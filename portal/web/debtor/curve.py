"""What each payment costs in all: the points of a dial as a small picture and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.money import Money
from portal.core.negotiation.simulate import Point

WIDTH, HEIGHT, PAD = 320, 120, 8  # units of the picture
ROWS_MAX = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class CurveRow:
    """One payment of the table: what it costs in all and for how many months."""

    payment: Money
    total: Money
    months: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """The picture (the corners of its line, its dots) and a few rows from the lowest payment to the highest."""

    line: str
    dots: tuple[tuple[int, int], ...]
    rows: tuple[CurveRow, ...]

    @property
    def is_falling(self) -> bool:
        """Whether a higher payment costs less in all, and does not only end sooner."""
        return self.rows[-1].total < self.rows[0].total


def curve_of(points: Sequence[Point], currency: str) -> Curve | None:
    """Draw the points of a dial; fewer than three, or all at one payment, are no curve."""
    if len(points) < 3 or points[0].payment == points[-1].payment:
        return None
    # Payments double along a dial, so that equal steps would crowd the low ones, where most people are.
    places = [(_across(at, len(points)), _down(point.total, points)) for at, point in enumerate(points)]
    rows = [points[at] for at in _spread(len(points))]
    return Curve(
        line=" ".join(f"{x},{y}" for x, y in places),
        dots=(places[0], places[-1]),
        rows=tuple(
            CurveRow(
                payment=Money(one.payment, currency), total=Money(one.total, currency), months=one.months
            )
            for one in rows
        ),
    )


def _across(at: int, count: int) -> int:
    return PAD + at * (WIDTH - 2 * PAD) // (count - 1)


def _down(total: int, points: Sequence[Point]) -> int:
    high, low = points[0].total, points[-1].total
    if high == low:
        return HEIGHT // 2
    return PAD + (high - total) * (HEIGHT - 2 * PAD) // (high - low)


def _spread(count: int) -> list[int]:
    """Give the places of the rows: both ends, and others at even steps between them."""
    rows = min(count, ROWS_MAX)
    return sorted({at * (count - 1) // (rows - 1) for at in range(rows)})

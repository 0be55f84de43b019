"""The bench's figures for one generator: policies, curves and bars, as values to be printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.core.bench.baselines import BASELINES, TOLD, Policy
from portal.core.bench.document import BAND_Q, bench_bounds
from portal.core.bench.engine import Engine, engine_under
from portal.core.bench.field import Field, field_of
from portal.core.bench.people import Debtor
from portal.core.bench.replay import Measures, informed, measure, play
from portal.core.bench.twins import gaps
from portal.core.bounds.model import Bounds

BANDS = ("0.95", "0.97", "0.98", "0.99", "0.995")
OPEN_SHARES = ("0.55", "0.75", "0.85", "0.92", "0.97")
ALPHAS = ("0.45", "0.50", "0.52", "0.55")
WEIGHTS = (0.0, 0.5, 1.0, 2.0)
TWINS = 24  # twins are compared for the first so many debtors
STEADY = 0.90  # baselines below this agreement are no yardstick of completion
BEATEN = ("Conceder", "linear", "concede, accept better")


@dataclass(frozen=True, slots=True)
class Line:
    """One policy: its name, measures, mean twin gap, share of twins apart, offers outside the bounds."""

    name: str
    measures: Measures
    gap: float = 0.0
    apart: float = 0.0
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what was found, what was wished for, whether it is reached (`most`: the figure must not exceed it)."""

    name: str
    found: float
    goal: float
    most: bool = False

    @property
    def holds(self) -> bool:
        """Whether the bar is reached."""
        return self.found <= self.goal + 1e-9 if self.most else self.found >= self.goal - 1e-9


@dataclass(frozen=True, slots=True)
class Crowd:
    """The debtors of one generator and seed with their fields."""

    debtors: tuple[Debtor, ...]
    fields: tuple[Field, ...]


def crowd_of(debtors: Sequence[Debtor]) -> Crowd:
    """Return debtors with their fields under the bench's bounds."""
    bounds = bench_bounds()
    return Crowd(tuple(debtors), tuple(field_of(debtor, bounds) for debtor in debtors))


def line_of(name: str, crowd: Crowd, policy: Policy, *, twins: int = 0) -> Line:
    """Return the line of a policy."""
    outcomes = [play(d, f, policy) for d, f in zip(crowd.debtors, crowd.fields, strict=True)]
    gap, apart = gaps(crowd.debtors[:twins], crowd.fields[:twins], policy)
    return Line(name, measure(crowd.fields, outcomes), gap, apart)


def engine_line(name: str, crowd: Crowd, bounds: Bounds, *, twins: int = 0) -> Line:
    """Return the line of the engine under some bounds, with the number of offers outside them."""
    seats: list[Engine] = []
    sit = engine_under(bounds)

    def watched(field: Field, debtor: Debtor) -> Engine:
        seat = sit(field, debtor)
        seats.append(seat)
        return seat

    line = line_of(name, crowd, watched, twins=twins)
    return Line(line.name, line.measures, line.gap, line.apart, sum(seat.faults for seat in seats))


def policies(crowd: Crowd, *, twins: int = TWINS) -> Iterator[Line]:
    """Yield the lines of all baselines, then of the engine as it ships; the first `twins` debtors get a twin."""
    for name, policy in {**BASELINES, **TOLD}.items():
        yield line_of(name, crowd, policy, twins=twins)
    yield engine_line("this engine", crowd, bench_bounds(), twins=twins)


def bands(crowd: Crowd) -> Iterator[Line]:
    """Yield the engine with other bands at the first two stages."""
    for band in BANDS:
        yield engine_line(band, crowd, bench_bounds(band_q=(band, band, min(band, BAND_Q[-1]))))


def open_shares(crowd: Crowd) -> Iterator[Line]:
    """Yield the engine with other open shares and nobody showing papers, so that the share binds."""
    for share in OPEN_SHARES:
        bounds = bench_bounds(open_share=share, band_q=("0.00", "0.00", "0.00"), stages=1)
        yield engine_line(share, crowd, bounds)


def alphas(crowd: Crowd) -> Iterator[Line]:
    """Yield the engine with other weights of the lender's side in the Nash product: one side gains, the other loses."""
    for alpha in ALPHAS:
        yield engine_line(alpha, crowd, bench_bounds(alpha=alpha))


def informed_lines(crowd: Crowd) -> Iterator[Line]:
    """Yield what somebody who knew every debtor's worth, aspiration and world would reach."""
    for weight in WEIGHTS:
        yield Line(f"Nash + {weight:g} value", measure(crowd.fields, informed(crowd.fields, weight)))


def bars(lines: Sequence[Line]) -> tuple[Bar, ...]:
    """Return the bars of a generator from the lines of `policies`."""
    engine = lines[-1]
    own = {line.name: line.measures for line in lines if line.name in BASELINES}
    steady = [one.completion for one in own.values() if one.agreement >= STEADY]
    found = engine.measures
    beaten = [found.nash > own[n].nash and found.completion > own[n].completion for n in BEATEN]
    return (
        Bar("agreement", found.agreement, 0.98),
        Bar("value / best", found.value, 0.84),
        Bar("Nash ratio", found.nash, 0.93),
        Bar("completion", found.completion, max(steady, default=0.0) + 0.05),
        Bar("rounds", found.rounds, 1.5, most=True),
        Bar("offers out of bounds", engine.faults, 0, most=True),
        Bar("twin gap", engine.gap, 0, most=True),
        Bar("agents beaten on Nash and completion", sum(beaten), len(BEATEN)),
    )

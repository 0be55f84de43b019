"""Interleaved timing: the two sides take turns, so that a busy machine slows both alike."""

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median

ROUNDS = 15


def once(work: Callable[[], object], times: int) -> float:
    """Return the CPU seconds of one call, from `times` calls in a row."""
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times


def interleaved(
    sides: Sequence[Callable[[], object]], *, times: int = 200, rounds: int = ROUNDS
) -> list[list[float]]:
    """Return the CPU seconds of each side in each round; the sides take turns."""
    for work in sides:
        work()
    found: list[list[float]] = [[] for _ in sides]
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for times_of, work in zip(found, sides, strict=True):
                times_of.append(once(work, times))
    finally:
        gc.enable()
    return found


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios of the rounds."""
    return median(mine / other for mine, other in zip(ours, theirs, strict=True))


def line(what: str, figure: str, reference: str, found: float, goal: str, *, holds: bool) -> bool:
    """Print one line of a benchmark and return whether its goal holds."""
    mark = "ok" if holds else "MISSED"
    print(f"{what:<44} {figure:>12} {reference:>12} ratio {found:6.2f}  goal {goal:<8} {mark}")
    return holds


def microseconds(seconds: Sequence[float]) -> str:
    """Write the median of some times in microseconds."""
    return f"{median(seconds) * 1e6:.1f} µs"

"""The clock on the wall; everything below the top floor gets ``now`` as an argument."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Whatever can tell the time: the wall, the demo's time machine, a test."""

    def now(self) -> datetime:
        """Tell the time as an aware UTC datetime."""


class WallClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Tell the machine's time as an aware UTC datetime."""
        return datetime.now(UTC)


class TravelClock:
    """The wall clock moved by the seconds that a file holds: all processes of the demo travel together."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        """Tell the machine's time plus the file's seconds; a missing file means no shift."""
        return datetime.now(UTC) + self.shift()

    def shift(self) -> timedelta:
        """Read how far ahead the clock is."""
        try:
            return timedelta(seconds=int(self.file.read_text()))
        except FileNotFoundError:
            return timedelta(0)

    def travel(self, distance: timedelta) -> None:
        """Move the clock of all processes that share the file; the new shift replaces the file at once."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(int((self.shift() + distance).total_seconds())))
        fresh.replace(self.file)


class FrozenClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Tell the time at which the clock stands."""
        return self.at

    def move(self, distance: timedelta) -> None:
        """Let the given time pass."""
        self.at += distance


def clock_of(time_travel_file: str | None) -> Clock:
    """Give the clock that the setting ``time_travel_file`` asks for: the wall's unless a file is named."""
    return TravelClock(Path(time_travel_file)) if time_travel_file else WallClock()

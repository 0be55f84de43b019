"""A plan's dates as a calendar file (RFC 5545): stable names, so that a moved payment moves in the calendar too.

The file tells no amount and no debt; a phone shows it to whoever looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE_OCTETS_MAX = 75


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One whole day in the file: `uid` never changes, `sequence` grows whenever the day does."""

    uid: str
    on: date
    sequence: int


def calendar_file(
    entries: Sequence[Entry], *, title: str, summary: str, url: str, host: str, now: datetime
) -> str:
    """Return the file's text: one entry a payment that is still open, a reminder a day before each.

    `title` names the calendar, `summary` each entry, `url` is where a tap leads; lines end as the RFC asks.
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Portal//Plan//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    ]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}@{host}",
            f"DTSTAMP:{stamp}",
            f"SEQUENCE:{entry.sequence}",
            f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(summary)}",
            f"URL:{url}",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_escaped(summary)}",
            "TRIGGER:-PT15H",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _escaped(text: str) -> str:
    """Write a text so that no comma, semicolon or line break ends it."""
    for char, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(char, written)
    return text


def _folded(line: str) -> list[str]:
    """Cut a line into pieces of at most 75 octets, never inside a character; the later ones begin with a space."""
    pieces, piece = [], ""
    for char in line:
        if len((piece + char).encode()) > LINE_OCTETS_MAX:
            pieces.append(piece)
            piece = " "
        piece += char
    return [*pieces, piece]

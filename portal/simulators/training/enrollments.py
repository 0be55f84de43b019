"""Who is on a course, and what was confirmed of them."""

import re
import threading
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from portal.simulators.journal import Journal

MILESTONES = ("enrolled", "attended", "certified", "placed", "retained_90d")
LABELS = {
    "enrolled": "Has started",
    "attended": "Attended",
    "certified": "Passed the exam",
    "placed": "Found a job",
    "retained_90d": "Still in the job after 90 days",
}
CODE = re.compile(r"[A-Za-z0-9_-]{3,64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrollment:
    """One person on a course, known by a code only; `told` maps a milestone to the portal's last answer."""

    code: str
    course: str = ""
    told: dict[str, str] = field(default_factory=dict)


class Enrollments:
    """Kept in the journal; the last row of a code counts."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._rows: dict[str, Enrollment] = {}
        for row in journal.read():
            self._rows[row["code"]] = Enrollment(**row)

    def list(self) -> list[Enrollment]:
        return list(reversed(self._rows.values()))

    def find(self, code: str) -> Enrollment | None:
        return self._rows.get(code)

    def add(self, *, code: str, course: str = "") -> Enrollment:
        """Add an enrollment, or rename the course of a known one. Raises ValueError for an odd code."""
        if not CODE.fullmatch(code):
            raise ValueError("a code has 3 to 64 letters, digits, dashes")
        known = self._rows.get(code) or Enrollment(code=code)
        return self._keep(replace(known, course=course[:200] or known.course))

    def note(self, *, code: str, milestone: str, answer: str) -> Enrollment:
        known = self._rows[code]
        return self._keep(replace(known, told={**known.told, milestone: answer}))

    def _keep(self, row: Enrollment) -> Enrollment:
        with self._lock:
            self._rows[row.code] = row
            values: dict[str, Any] = asdict(row)
            self._journal.write(values)
            return row

"""Start the receiver: `python -m portal.simulators.case_system --port 9030 --secret whsec_…`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from portal.simulators.case_system.app import CaseSystem
from portal.simulators.clock import clock_of
from portal.simulators.journal import usual_file
from portal.simulators.serving import serve

SECRET_VARIABLE = "CASE_SYSTEM_SECRET"  # noqa: S105 - the name of a variable


def run(*, host: str, port: int, secrets: Sequence[str], journal: Path | None) -> int:
    """Serve until told to stop; `portal receiver` calls this too."""
    known = list(secrets) or os.environ.get(SECRET_VARIABLE, "").split()
    party = CaseSystem(secrets=known, journal=journal, clock=clock_of())
    return serve(party.app, name="case system", host=host, port=port)


def main() -> int:
    parser = argparse.ArgumentParser(prog="portal.simulators.case_system", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9030)
    parser.add_argument(
        "--secret", action="append", default=[], help="whsec_ secret, repeatable (CASE_SYSTEM_SECRET)"
    )
    parser.add_argument(
        "--journal",
        type=Path,
        default=usual_file("case_system"),
        help="JSON-lines file that keeps the events",
    )
    given = parser.parse_args()
    return run(host=given.host, port=given.port, secrets=given.secret, journal=given.journal)


if __name__ == "__main__":
    sys.exit(main())

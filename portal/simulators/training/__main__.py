"""Start it: `python -m portal.simulators.training --port 9040 --portal URL --provider SLUG --secret whsec_…`."""

import argparse
import os
import sys
from pathlib import Path

from portal.simulators.clock import clock_of
from portal.simulators.journal import usual_file
from portal.simulators.serving import serve
from portal.simulators.training.app import Training

DEFAULT_SECRET = "whsec_dHJhaW5pbmctcHJvdmlkZXItdGVzdC1zZWNyZXQtMDE="  # noqa: S105 - known to everybody


def main() -> int:
    parser = argparse.ArgumentParser(prog="portal.simulators.training", description=__doc__)
    known = os.environ
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9040)
    parser.add_argument(
        "--portal", default=known.get("PORTAL_BASE_URL") or "http://127.0.0.1:8080", help="PORTAL_BASE_URL"
    )
    parser.add_argument(
        "--provider", default=known.get("TRAINING_PROVIDER") or "skillbridge", help="TRAINING_PROVIDER"
    )
    parser.add_argument(
        "--secret", default=known.get("TRAINING_SECRET") or DEFAULT_SECRET, help="TRAINING_SECRET"
    )
    parser.add_argument(
        "--name", default=known.get("TRAINING_NAME") or "Test training provider", help="TRAINING_NAME"
    )
    parser.add_argument(
        "--journal", type=Path, default=usual_file("training"), help="JSON-lines file that keeps the list"
    )
    given = parser.parse_args()
    party = Training(
        portal_url=given.portal,
        provider=given.provider,
        secret=given.secret,
        name=given.name,
        journal=given.journal,
        clock=clock_of(),
    )
    return serve(party.app, name="training provider", host=given.host, port=given.port)


if __name__ == "__main__":
    sys.exit(main())

"""Start it: `python -m portal.simulators.time_stamps --port 9050 --home FOLDER`."""

import argparse
import os
import sys
from pathlib import Path

from portal.simulators.serving import serve
from portal.simulators.time_stamps.app import TimeStamps
from portal.simulators.time_stamps.authority import open_authority


def main() -> int:
    parser = argparse.ArgumentParser(prog="portal.simulators.time_stamps", description=__doc__)
    home = os.environ.get("TIME_STAMP_HOME")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9050)
    parser.add_argument(
        "--home",
        type=Path,
        default=Path(home) if home else None,
        help="TIME_STAMP_HOME: folder that keeps its keys, and root.pem for those who trust it",
    )
    given = parser.parse_args()
    party = TimeStamps(open_authority(given.home))
    return serve(party.app, name="time-stamp authority", host=given.host, port=given.port)


if __name__ == "__main__":
    sys.exit(main())

"""Start the demo phone: `python -m portal.simulators.inbox --port 9020`."""

import argparse
import os
import sys
from pathlib import Path

from portal.simulators.clock import clock_of
from portal.simulators.inbox.app import DEFAULT_KEY, Inbox
from portal.simulators.journal import usual_file
from portal.simulators.serving import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog="portal.simulators.inbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9020)
    parser.add_argument(
        "--key", default=os.environ.get("PORTAL_SMS_KEY") or DEFAULT_KEY, help="PORTAL_SMS_KEY"
    )
    parser.add_argument(
        "--journal", type=Path, default=usual_file("inbox"), help="JSON-lines file that keeps the texts"
    )
    parser.add_argument(
        "--callback", default=os.environ.get("PORTAL_SMS_CALLBACK"), help="URL told of receipts and answers"
    )
    given = parser.parse_args()
    inbox = Inbox(key=given.key, journal=given.journal, callback=given.callback, clock=clock_of())
    return serve(inbox.app, name="demo phone", host=given.host, port=given.port)


if __name__ == "__main__":
    sys.exit(main())

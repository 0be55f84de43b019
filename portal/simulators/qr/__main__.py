"""Start the QR switch: `python -m portal.simulators.qr --port 9060 --webhook URL --secret whsec_…`."""

import argparse
import os
import sys
from pathlib import Path

from portal.simulators.clock import clock_of
from portal.simulators.journal import Journal, usual_file
from portal.simulators.qr.app import Switch
from portal.simulators.qr.posting import Courier
from portal.simulators.serving import serve


def main(arguments: list[str]) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="qr")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default=os.environ.get("PORTAL_QR_KEY", "qr-demo-key"))
    parser.add_argument("--secret", default=os.environ.get("PORTAL_QR_WEBHOOK_SECRET", "qr-demo-secret"))
    parser.add_argument("--webhook", default=os.environ.get("QR_WEBHOOK_URL"))
    parser.add_argument("--journal", type=Path, default=usual_file("qr"))
    given = parser.parse_args(arguments)
    switch = Switch(key=given.key, secret=given.secret, clock=clock_of(), journal=Journal(given.journal))
    closing = None
    if given.webhook:
        courier = Courier(given.webhook, sign=switch.sign)
        switch.tell, closing = courier.take, courier.stop
        courier.start()
    return serve(switch.app, name="QR switch", host=given.host, port=given.port, closing=closing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

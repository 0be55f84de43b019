"""`python -m portal.simulators.qr --port 9050`: the QR switch alone."""

import argparse
import sys

from portal.simulators.qr.app import Switch
from portal.simulators.serving import serve


def main(arguments: list[str]) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="qr")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default="qr-demo-key")
    parser.add_argument("--secret", default="qr-demo-secret")
    given = parser.parse_args(arguments)
    switch = Switch(key=given.key, secret=given.secret)
    return serve(switch.app, name="QR switch", host=given.host, port=given.port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The product for any WSGI server: `app`. It refuses to start exactly as `portal serve` does."""

import os
import sys

from portal.cli.serve import RefusedError, make_app

try:
    app = make_app(os.environ)
except RefusedError as problem:
    sys.exit(f"not started: {problem}")

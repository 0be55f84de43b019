"""What every outside party shares: a small Flask app with its own look, and a server that stops when told."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, send_from_directory
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

PAGES = Path(__file__).parent / "pages"
BODY_MAX = 1_000_000  # bytes
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action {}; "
    "frame-ancestors 'none'; base-uri 'none'"
)


class QuietHandler(WSGIRequestHandler):
    """A request handler that writes no line per request: addresses may carry one-time links."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 the name is werkzeug's
        pass


def new_app(name: str) -> Flask:
    """Make the app of one outside party with its templates, style sheet, health answer and headers."""
    app = Flask(name, template_folder=str(PAGES), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_url_rule("/outside.css", "look", lambda: send_from_directory(PAGES, "outside.css", max_age=3600))
    app.add_url_rule("/healthz", "healthz", lambda: {"status": "ok"})
    app.after_request(_guard)
    return app


def _guard(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY.format("'self'"))
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _bind(app: Flask, host: str, port: int) -> BaseWSGIServer:
    return make_server(host, port, app, threaded=True, request_handler=QuietHandler)


def serve(app: Flask, *, name: str, host: str, port: int, closing: Callable[[], None] | None = None) -> int:
    """Serve until SIGINT or SIGTERM, print the address once, and return the exit code."""
    try:
        server = _bind(app, host, port)
    except SystemExit:  # werkzeug has printed that the port is taken
        return 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"{name} is listening on http://{host}:{server.server_port}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        if closing:
            closing()
    sys.stdout.flush()
    return 0


@contextmanager
def running(app: Flask, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve from a thread for as long as the block lasts, on a free port; gives the base URL."""
    server = _bind(app, host, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)

"""The conformance run passes a good receiver and finds what is wrong with bad ones."""

import secrets
import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from portal.cli.receiver_check import command
from portal.core.events.catalog import CATALOG
from portal.gateways.webhook_signatures import write_secret
from portal.simulators.case_system.app import CaseSystem

SECRET = write_secret(secrets.token_bytes(32))


@contextmanager
def listening(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/webhooks"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(url, secret=SECRET):
    return CliRunner().invoke(command, [url, "--secret", secret])


def test_the_receiver_that_is_shipped_passes():
    with listening(CaseSystem(secrets=[SECRET]).app) as url:
        done = run(url)
    assert done.exit_code == 0, done.output
    assert done.output.count("ok  ") == len(CATALOG) + 14
    assert "NOT" not in done.output


def takes_everything(environ, start):
    start("204 No Content", [])
    return []


def refuses_everything(environ, start):
    start("401 Unauthorized", [("Content-Length", "0")])
    return []


@pytest.mark.parametrize(
    ("app", "found"),
    [
        (takes_everything, "NOT  refuses a signature by another secret: 204"),
        (refuses_everything, f"NOT  takes {next(iter(CATALOG))}: 401"),
    ],
)
def test_a_receiver_that_does_not_look_is_found_out(app, found):
    with listening(app) as url:
        done = run(url)
    assert done.exit_code == 1
    assert found in done.output


def test_a_secret_that_is_none_is_refused_before_anything_is_sent():
    assert run("http://127.0.0.1:9/webhooks", secret="whsec_x").exit_code == 2

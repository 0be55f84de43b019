"""`portal serve`: the web server, chosen by benchmarks/slow_clients.py.

Waitress reads each request to its end before a thread is given to it, so clients that hold half-sent requests cost
a file descriptor each and no thread. Its default of 100 connections is what must never stay.
"""

import gc
import logging
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Mapping
from types import FrameType
from typing import Any, NoReturn

import click
from flask import Flask
from waitress.server import create_server

from portal.cli.parts import services_of
from portal.cli.processes import die_with_parent
from portal.cli.refusals import RefusedError, safe_settings
from portal.gateways.logs import configure_logs
from portal.settings import Settings
from portal.web.app import create_app

SPARE_FILES = 200  # beside the clients: pool, logs, listening sockets
BODY_BUFFER = 512 * 1024  # bytes of one request kept in memory, the rest waits on disk
IDLE_SECONDS_MAX = 60


def make_app(environ: Mapping[str, str], *, threads: int = 8) -> Flask:
    """Make the web app of an environment; raises RefusedError."""
    settings = safe_settings(environ)
    configure_logs(level=settings.log_level, process="web")
    logging.getLogger("waitress.queue").setLevel(
        logging.ERROR
    )  # a warning for each request that waits a moment
    return create_app(services_of(settings, pool_size=threads))


def server_options(settings: Settings, *, threads: int) -> dict[str, Any]:
    """Give waitress its limits."""
    return {
        "threads": threads,
        "connection_limit": settings.connections_max,
        "asyncore_use_poll": True,
        "channel_timeout": IDLE_SECONDS_MAX,
        "cleanup_interval": 10,
        "max_request_body_size": settings.content_length_max or 1 << 30,
        "max_request_header_size": 64 * 1024,
        "inbuf_overflow": BODY_BUFFER,
        "clear_untrusted_proxy_headers": settings.proxies == 0,
        "ident": "",
    }


def allow_connections(count: int) -> None:
    """Raise this process's limit of open files so that all connections fit; raises RefusedError if it may not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + SPARE_FILES
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise RefusedError(
            f"{wanted} open files are needed for PORTAL_CONNECTIONS_MAX, only {hard} are allowed"
        )
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def run(listening: socket.socket, *, threads: int) -> None:
    """Serve on a listening socket until SIGTERM or SIGINT; requests in work are finished first."""
    settings = Settings.from_environment(os.environ)
    app = make_app(os.environ, threads=threads)
    server = create_server(app, sockets=[listening], **server_options(settings, threads=threads))
    gc.collect()
    gc.freeze()  # what was loaded stays to the end: no collection needs to look at it again
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    server.run()


def run_many(listening: socket.socket, *, workers: int, threads: int) -> None:
    """Serve with several processes on one socket; one that ends is replaced, SIGTERM ends all."""
    children: set[int] = set()

    def leave(_number: int, _frame: FrameType | None) -> NoReturn:
        for child in children:
            os.kill(child, signal.SIGTERM)
        for child in children:
            os.waitpid(child, 0)
        sys.exit(0)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    tied = die_with_parent()
    while True:
        while len(children) < workers:
            child = os.fork()
            if child == 0:
                tied()
                run(listening, threads=threads)
                os._exit(0)
            children.add(child)
        ended, _ = os.wait()
        children.discard(ended)
        time.sleep(1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 takes any free one.")
@click.option("--threads", default=8, show_default=True, help="Requests worked on at a time by each process.")
@click.option("--workers", default=1, show_default=True, help="Processes that share the port.")
def serve(host: str, port: int, threads: int, workers: int) -> None:
    """Serve the web pages and the API."""
    try:
        allow_connections(safe_settings(os.environ).connections_max)
    except RefusedError as problem:
        raise click.ClickException(f"not started: {problem}") from problem
    with socket.create_server((host, port), backlog=1024, family=_family(host)) as listening:
        click.echo(f"listening on {host}:{listening.getsockname()[1]}", err=True)
        if workers == 1:
            run(listening, threads=threads)
        else:
            run_many(listening, workers=workers, threads=threads)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET

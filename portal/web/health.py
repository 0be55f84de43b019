"""Is it alive, can it serve, what has it done: for machines that watch. No personal data, no secrets."""

import time
from functools import cache
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, abort, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bind_contextvars, clear_contextvars

from portal.store.schema import current_revision, newest_revision
from portal.web.access import bare
from portal.web.context import portal
from portal.web.errors import reference

blueprint = Blueprint("health", __name__)

REGISTRY = CollectorRegistry()
ANSWERS = Counter(
    "portal_answers",
    "Answers by endpoint, method and status",
    ["endpoint", "method", "status"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "portal_answer_seconds",
    "Seconds from request to answer, by endpoint",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)


@blueprint.get("/healthz")
@bare
def show_alive() -> Response:
    """The process answers."""
    return _plain("ok\n", 200)


@blueprint.get("/readyz")
@bare
def show_ready() -> tuple[Response, int]:
    """The database answers and has the schema of this release."""
    checks = {"database": False, "schema": False}
    try:
        with portal().database.shared().read() as tx:
            checks = {"database": True, "schema": current_revision(tx.connection) == _newest()}
    except SQLAlchemyError:
        pass
    is_ready = all(checks.values())
    return jsonify(is_ready=is_ready, **checks), 200 if is_ready else 503


@blueprint.get("/metrics")
@bare
def show_metrics() -> Response:
    """Counts and times of this process in the Prometheus text format, for askers inside the own network."""
    if not _is_inside(request.remote_addr):
        abort(404)
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


@cache
def _newest() -> str:
    return newest_revision()


def _is_inside(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_private
    except ValueError:
        return False


def _plain(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain")


def configure(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_count)


def _start() -> None:
    g.started = time.perf_counter()
    clear_contextvars()
    bind_contextvars(
        request_id=reference()
    )  # every line of the log that this request causes carries its number


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    _answers(endpoint, request.method, response.status_code).inc()
    if "started" in g:
        _seconds(endpoint).observe(time.perf_counter() - g.started)
    return response


@cache
def _answers(endpoint: str, method: str, status: int) -> Counter:
    return ANSWERS.labels(endpoint, method, status)


@cache
def _seconds(endpoint: str) -> Histogram:
    return SECONDS.labels(endpoint)

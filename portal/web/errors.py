"""Friendly pages for what goes wrong: kind words, a reference number, ways on. Never a trace.

The API gets `application/problem+json` (RFC 9457) with the same reference number, which also stands in the log.
"""

import json
import random
from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import LazyString
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from portal.web.context import HOUSE
from portal.web.language import lazy_gettext as _l

log = structlog.get_logger("portal.web")
RETRY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says: what happened, and what stays true or can be done."""

    title: LazyString
    text: LazyString


PAGES = {
    400: Words(
        _l("We could not read that"),
        _l("Please go back and try again. Nothing was changed."),
    ),
    401: Words(_l("Please sign in first"), _l("This page is for people who have signed in.")),
    403: Words(
        _l("This page is not part of your role"),
        _l("Somebody with another role can open it. Nothing was changed."),
    ),
    404: Words(
        _l("There is no page at this address"),
        _l(
            "It may have moved, or a part of the address is missing. You can use the message that we sent you again."
        ),
    ),
    405: Words(_l("This page works in another way"), _l("Please go back and use the button on the page.")),
    409: Words(
        _l("Something changed in the meantime"),
        _l("Please look at the page again before you go on. Nothing was done twice."),
    ),
    413: Words(
        _l("That is too large"), _l("Please send a smaller file or a shorter text. Nothing was lost.")
    ),
    422: Words(_l("We could not read that"), _l("Please go back and try again. Nothing was changed.")),
    429: Words(
        _l("A short break"), _l("That was a lot of tries in a short time. Please wait a few minutes.")
    ),
    500: Words(
        _l("Sorry, that did not work. It is our fault"),
        _l("Nothing you did was wrong. Please try again, or call us with the number below."),
    ),
    503: Words(
        _l("We are away for a moment"),
        _l("Please try again in a minute. What you had saved is safe."),
    ),
}
_EXPIRED_FORM = Words(
    _l("This page was open for a long time"),
    _l("To keep you safe, it has to be loaded again before you can send it. Nothing was changed."),
)


def configure(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(OperationalError, show_unavailable)
    app.register_error_handler(PoolTimeoutError, show_unavailable)
    app.register_error_handler(Exception, show_crash)


def show_http_error(error: HTTPException) -> Response:
    """Answer an HTTP error; redirects and ready-made answers pass through."""
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    words = _EXPIRED_FORM if isinstance(error, CSRFError) else None
    response = _page(error.code or 500, words)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def show_unavailable(error: Exception) -> Response:
    """The database does not answer: say so, and when to come back."""
    log.error("unavailable", request_id=reference(), endpoint=request.endpoint, exc_info=error)
    response = _page(ServiceUnavailable.code)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def show_crash(error: Exception) -> Response:
    """Something that should not happen: its class and place go to the log, the number to the person."""
    log.error("crashed", request_id=reference(), endpoint=request.endpoint, exc_info=error)
    return _page(InternalServerError.code)


def reference() -> str:
    """Give the number by which people and the log speak of this request."""
    if "reference" not in g:
        drawn = f"{random.getrandbits(32):08X}"
        g.reference = f"{drawn[:4]}-{drawn[4:]}"
    return str(g.reference)


def problem(status: int, title: str, *, detail: str | None = None, **more: object) -> Response:
    """Make a problem+json answer (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "reference": reference(),
    }
    body = {key: value for key, value in {**body, **more}.items() if value is not None}
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")


def _page(status: int, words: Words | None = None) -> Response:
    words = words or PAGES.get(status) or PAGES[400 if status < 500 else 500]
    if g.get("group") in ("api", "hook") or request.path.startswith("/api/"):
        return problem(status, str(words.title))
    g.setdefault("visit", None)  # an error page asks the database nothing
    g.setdefault("brand", HOUSE)
    return make_response(
        render_template("errors/page.html", status=status, words=words, reference=reference()), status
    )

"""The only user of htmx-flask: page or fragment, by the header of the request.

htmx headers are a wish about the form of the answer, never a proof of anything.
"""

from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request
from htmx_flask import Htmx

from portal.web.vary import vary


def configure(app: Flask) -> None:
    Htmx(app)
    app.after_request(_vary)


def wants_fragment() -> bool:
    """Tell whether htmx asks for a fragment (and not for a whole page after a lost history entry)."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def answer(page: str, fragment: str, *, status: int = 200, **values: Any) -> Response:
    """Render the fragment for htmx, else the page that includes it; 422 keeps what was typed."""
    return make_response(render_template(fragment if wants_fragment() else page, **values), status)


def see_other(address: str) -> Response:
    """Send the browser to another page with GET: 303, or htmx's own header, which replaces the whole page."""
    if wants_fragment():
        answered = make_response("", 200)
        answered.headers["HX-Redirect"] = address
        return answered
    return make_response(redirect(address, code=303))


def _vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        vary(response, "HX-Request")
    return response

"""The authority's one door: POST a query, get an answer (RFC 3161 section 3.4)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask, Response, jsonify, request

from portal.simulators.serving import new_app
from portal.simulators.time_stamps.authority import Authority
from portal.simulators.time_stamps.tokens import answer
from portal.simulators.trouble import Trouble, give

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class TimeStamps:
    """One time-stamp authority; it tells the machine's own time, whatever the demo's clock says."""

    def __init__(self, authority: Authority, *, clock: Callable[[], float] = time.time) -> None:
        self.authority = authority
        self.stamped = 0
        self._clock = clock
        self._trouble = Trouble()
        self.app = self._routes(new_app(__name__))

    def _routes(self, app: Flask) -> Flask:
        app.add_url_rule("/", "stamp", self.stamp, methods=["POST"])
        app.add_url_rule("/root.pem", "root", self.root)
        app.add_url_rule("/api/trouble", "trouble", self.trouble, methods=["POST"])
        return app

    def stamp(self) -> Response:
        """Answer a query; only its own media type is taken."""
        planned = self._trouble.take()
        if planned is not None:
            return give(planned)
        if request.mimetype != QUERY:
            return Response("a time-stamp query, please\n", 415, content_type="text/plain")
        at = datetime.fromtimestamp(self._clock(), UTC)
        self.stamped += 1
        return Response(answer(request.get_data(), authority=self.authority, at=at), content_type=REPLY)

    def root(self) -> Response:
        """Give the root for those who want to trust it."""
        pem = self.authority.root.public_bytes(Encoding.PEM)
        return Response(pem, content_type="application/x-pem-file")

    def trouble(self) -> Response:
        """Plan that the next requests go wrong."""
        return jsonify(planned=self._trouble.plan(request.get_json()))

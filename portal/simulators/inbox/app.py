"""The carrier's door, the phones' pages, and a reading room for tests."""

import hmac
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, abort, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.simulators.inbox.callbacks import Callbacks
from portal.simulators.inbox.messages import TEXT_MAX, ConflictError, Messages
from portal.simulators.inbox.texts import linked, measure
from portal.simulators.journal import Journal
from portal.simulators.serving import new_app
from portal.simulators.trouble import Trouble, give

DEFAULT_KEY = "sms-demo-key"
_NUMBER = re.compile(r"\+[1-9][0-9]{5,14}")
REFRESH_MAX_S = 60


class Inbox:
    """All phones of the demo."""

    def __init__(
        self,
        *,
        key: str = DEFAULT_KEY,
        journal: Path | None = None,
        callback: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.key = key
        self.messages = Messages(Journal(journal), clock)
        self.callbacks = Callbacks(callback, key)
        self.trouble = Trouble()
        self.app = self._routes(new_app(__name__))

    def _routes(self, app: Flask) -> Flask:
        app.jinja_env.filters.update(linked=linked, measure=measure, anchor=anchor)
        app.add_url_rule("/messages", "receive", self.receive, methods=["POST"])
        app.add_url_rule("/", "phones", self.phones)
        app.add_url_rule("/phones/<number>", "phone", self.phone)
        app.add_url_rule("/phones/<number>", "reply", self.reply, methods=["POST"])
        app.add_url_rule("/api/messages", "list", self.list_messages)
        app.add_url_rule("/_control/answers", "answers", self.answers, methods=["POST", "DELETE"])
        app.add_url_rule("/_control/callbacks", "callbacks", lambda: jsonify(self.callbacks.sent))
        return app

    def receive(self) -> tuple[Response, int] | Response:
        """Take one text as a carrier does: JSON with to, from, text and message_id, and a bearer key."""
        planned = self.trouble.take()
        if planned and not planned.keep:
            return give(planned)
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        if not hmac.compare_digest(given, self.key.encode()):
            return jsonify({"error": "unauthorized"}), 401
        fields = _fields(request.get_json(silent=True))
        if isinstance(fields, str):
            return jsonify({"error": fields}), 422
        try:
            text, is_new = self.messages.keep(**fields, is_mine=False)
        except ConflictError:
            return jsonify({"error": "message_id_reused"}), 409
        if is_new:
            self._tell(
                "receipt", id=text.id, message_id=text.message_id, status="delivered", at=text.received_at
            )
        if planned:
            return give(planned)
        return jsonify(text.as_json()), 202

    def _tell(self, kind: str, **facts: str) -> None:
        self.callbacks.tell({"type": kind, **facts})

    def phones(self) -> str:
        threads = [(number, self.messages.of(number)) for number in self.messages.numbers()]
        return render_template("phones.html", threads=threads)

    def phone(self, number: str) -> Response:
        texts = self.messages.of(_plus(number))
        page = make_response(render_template("phone.html", number=_plus(number), texts=texts))
        seconds = request.args.get("refresh", type=int)
        if seconds and 0 < seconds <= REFRESH_MAX_S:
            page.headers["Refresh"] = str(seconds)
        return page

    def reply(self, number: str) -> Response:
        texts = self.messages.of(_plus(number))
        words = request.form.get("text", "").strip()[:TEXT_MAX]
        if not texts or not words:
            abort(404)
        sender = next((text.sender for text in texts if not text.is_mine), "")
        mine, _ = self.messages.keep(to=_plus(number), sender=sender, text=words, is_mine=True)
        self._tell(
            "reply", id=mine.id, **{"from": mine.to, "to": sender, "text": words, "at": mine.received_at}
        )
        return redirect(f"/phones/{number}", code=303)

    def list_messages(self) -> Response:
        """Give texts as JSON, the newest first: ?to=+66…&limit=."""
        to = request.args.get("to")
        limit = request.args.get("limit", 200, type=int)
        number = _plus(to.strip()) if to else None  # a plus sign in a query reads as a space
        return jsonify([text.as_json() for text in self.messages.of(number)[: max(0, limit)]])

    def answers(self) -> tuple[Response, int] | Response:
        """Plan what the next senders get: the fields of `trouble.Answer`; DELETE forgets."""
        if request.method == "DELETE":
            self.trouble.clear()
            return jsonify({"planned": 0})
        try:
            return jsonify({"planned": self.trouble.plan(request.get_json(silent=True) or {})})
        except TypeError as error:
            return jsonify({"error": str(error)}), 400


def anchor(number: str) -> str:
    """Name a phone in an address: its digits."""
    return "".join(letter for letter in number if letter.isdigit())


def _plus(number: str) -> str:
    return f"+{anchor(number)}"


def _fields(body: Any) -> dict[str, str] | str:
    """Read a carrier's request, or say what is wrong with it."""
    if not isinstance(body, dict):
        return "not_json"
    names = {"to": "to", "from": "sender", "text": "text", "message_id": "message_id"}
    fields = {ours: body.get(theirs, "") for theirs, ours in names.items()}
    if not all(isinstance(value, str) for value in fields.values()):
        return "not_text"
    if not _NUMBER.fullmatch(fields["to"]):
        return "invalid_number"
    if not fields["text"] or len(fields["text"]) > TEXT_MAX:
        return "text_length"
    if not fields["message_id"] or len(fields["message_id"]) > 100:
        return "message_id"
    return fields

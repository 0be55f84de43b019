"""The receiver's door, its feed page, and a reading room for tests."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, jsonify, render_template, request

from portal.simulators.case_system.feed import Feed
from portal.simulators.case_system.signatures import is_signed
from portal.simulators.journal import Journal
from portal.simulators.serving import new_app
from portal.simulators.trouble import Trouble, give

SHOWN = 100
REFRESH_S = 5


class CaseSystem:
    """One lender's receiver. Without a secret it takes nothing: an unverified event is no event."""

    def __init__(
        self,
        *,
        secrets: Sequence[str],
        journal: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.secrets = [secret for secret in secrets if secret]
        self.clock = clock
        self.feed = Feed(Journal(journal))
        self.trouble = Trouble()
        self.app = self._routes(new_app(__name__))

    def _routes(self, app: Flask) -> Flask:
        app.jinja_env.filters["as_text"] = lambda value: json.dumps(value, indent=2, ensure_ascii=False)
        app.add_url_rule("/webhooks", "receive", self.receive, methods=["POST"])
        app.add_url_rule("/", "page", self.page)
        app.add_url_rule("/api/events", "events", self.events)
        app.add_url_rule("/_control/state", "state", lambda: jsonify(self.feed.state()))
        app.add_url_rule("/_control/answers", "answers", self.answers, methods=["POST", "DELETE"])
        app.add_url_rule("/_control/secrets", "change", self.change_secrets, methods=["POST"])
        return app

    def receive(self) -> tuple[Response, int] | Response:
        planned = self.trouble.take()
        if planned and not planned.keep:
            return give(planned)
        answer = self._take()
        return give(planned) if planned else answer

    def _take(self) -> tuple[Response, int]:
        body = request.get_data()
        if not is_signed(
            body=body, headers=dict(request.headers.items(lower=True)), secrets=self.secrets, clock=self.clock
        ):
            self.feed.refuse()
            return jsonify({"error": "signature"}), 401
        try:
            event = dict(json.loads(body))
            at = datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="milliseconds")
            is_new = self.feed.take(identifier=request.headers["webhook-id"], body=event, received_at=at)
        except (ValueError, KeyError, TypeError):
            self.feed.refuse()
            return jsonify({"error": "not an event"}), 400
        return jsonify({"ok": True, "duplicate": not is_new}), 200

    def page(self) -> Response:
        account, kind = request.args.get("account", "").strip(), request.args.get("type", "").strip()
        events = self.feed.select(account=account or None, kind=kind or None)
        seconds = request.args.get("refresh", REFRESH_S, type=int)
        page = Response(
            render_template(
                "feed.html",
                events=events[: -SHOWN - 1 : -1],
                total=len(events),
                account=account,
                kind=kind,
                accounts=self.feed.accounts()[:500],
                state=self.feed.state(),
                has_secret=bool(self.secrets),
                seconds=seconds,
            )
        )
        if 0 < seconds <= 60:
            page.headers["Refresh"] = str(seconds)
        return page

    def events(self) -> Response:
        """Give events as JSON in the order of arrival: ?account=&type=&after=position."""
        after = request.args.get("after", 0, type=int)
        found = self.feed.select(
            account=request.args.get("account"), kind=request.args.get("type"), after=after
        )
        return jsonify([asdict(event) for event in found])

    def answers(self) -> tuple[Response, int] | Response:
        """Plan what the next deliveries get: the fields of `trouble.Answer`; DELETE forgets."""
        if request.method == "DELETE":
            self.trouble.clear()
            return jsonify({"planned": 0})
        try:
            return jsonify({"planned": self.trouble.plan(request.get_json(silent=True) or {})})
        except TypeError as error:
            return jsonify({"error": str(error)}), 400

    def change_secrets(self) -> tuple[Response, int] | Response:
        """Take other secrets from now on: {"secrets": [...]}."""
        wanted = (request.get_json(silent=True) or {}).get("secrets")
        if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
            return jsonify({"error": "secrets is a list of texts"}), 400
        self.secrets = wanted
        return jsonify({"secrets": len(wanted)})

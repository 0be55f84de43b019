"""The provider's page, and its door for enrollments."""

import hmac
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from flask import Flask, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.simulators.journal import Journal
from portal.simulators.serving import new_app
from portal.simulators.training.calls import Portal
from portal.simulators.training.enrollments import LABELS, MILESTONES, Enrollments


class Training:
    """One training provider."""

    def __init__(
        self,
        *,
        portal_url: str,
        provider: str,
        secret: str,
        name: str = "Test training provider",
        journal: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self._secret = secret
        self.enrollments = Enrollments(Journal(journal))
        self.portal = Portal(url=portal_url, provider=provider, secret=secret, clock=clock)
        self.app = self._routes(new_app(__name__))

    def _routes(self, app: Flask) -> Flask:
        app.add_url_rule("/", "page", self.page)
        app.add_url_rule("/", "act", self.act, methods=["POST"])
        app.add_url_rule("/api/enrollments", "enroll", self.enroll, methods=["POST"])
        app.add_url_rule("/api/enrollments", "list", self.list_enrollments)
        app.add_url_rule("/api/milestones", "confirm", self.confirm, methods=["POST"])
        return app

    def page(self, problem: str | None = None, typed: str = "") -> str:
        return render_template(
            "training.html",
            name=self.name,
            rows=self.enrollments.list(),
            labels=LABELS,
            today=self.portal.today().isoformat(),
            problem=problem,
            typed=typed,
        )

    def act(self) -> Response | tuple[str, int]:
        """Add a code, or confirm a milestone of a listed one."""
        code, milestone = request.form.get("code", "").strip(), request.form.get("milestone", "")
        try:
            if not milestone:
                self.enrollments.add(code=code, course=request.form.get("course", "").strip())
            else:
                on = date.fromisoformat(request.form.get("on") or self.portal.today().isoformat())
                self._confirm(code, milestone, on)
        except ValueError as error:
            return self.page(str(error), code), 422
        return redirect(f"/#e-{code}", code=303)

    def _confirm(self, code: str, milestone: str, on: date, webhook_id: str | None = None) -> tuple[int, str]:
        if self.enrollments.find(code) is None:
            raise ValueError("this code is not on the list")
        if milestone not in MILESTONES:
            raise ValueError(f"a milestone is one of {', '.join(MILESTONES)}")
        status, answer = self.portal.confirm(code=code, milestone=milestone, on=on, webhook_id=webhook_id)
        said = "taken" if 200 <= status < 300 else f"not taken ({status or answer})"
        self.enrollments.note(code=code, milestone=milestone, answer=f"{on.isoformat()}: {said}")
        return status, answer

    def enroll(self) -> tuple[Response, int]:
        """Hear of an enrollment: {"code", "course"}, with the provider's secret as bearer key."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        if not hmac.compare_digest(given, self._secret.encode()):
            return jsonify({"error": "unauthorized"}), 401
        body = request.get_json(silent=True)
        try:
            fields = dict(body or {})
            row = self.enrollments.add(code=str(fields.get("code", "")), course=str(fields.get("course", "")))
        except (TypeError, ValueError) as error:
            return jsonify({"error": str(error)}), 422
        return jsonify(asdict(row)), 201

    def list_enrollments(self) -> Response:
        return jsonify([asdict(row) for row in self.enrollments.list()])

    def confirm(self) -> tuple[Response, int]:
        """Confirm without the page, for tests: {"code", "milestone", "on"?, "webhook_id"?}; adds an unknown code."""
        try:
            body = dict(request.get_json(silent=True) or {})
            code = str(body["code"])
            if self.enrollments.find(code) is None:
                self.enrollments.add(code=code)
            on = date.fromisoformat(body["on"]) if body.get("on") else self.portal.today()
            status, answer = self._confirm(code, str(body["milestone"]), on, body.get("webhook_id"))
        except (KeyError, TypeError, ValueError) as error:
            return jsonify({"error": str(error)}), 422
        return jsonify({"status": status, "answer": answer}), 200

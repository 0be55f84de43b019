"""A QR switch as acquirers of QRIS, VietQR or SPEI offer it: a code for an amount, paid in a bank's app.

Its words are the smallest that such switches have in common; docs/rails.md says how an adapter meets another one. A
code is made once per reference; the same reference with another amount is refused. Requests carry a bearer key, and
what happened is told by a signed notice.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask import Flask, Response, jsonify, render_template_string, request

from portal.simulators.serving import new_app

Code = dict[str, Any]
_PAGE = """<!doctype html><html lang="en"><title>QR</title><link rel="stylesheet" href="/outside.css">
<main><h1>{{ code.amount }} {{ code.currency }}</h1><p>{{ code.payload }}</p>
<form method="post" action="/pay/{{ code.id }}"><button>I paid in my bank's app</button></form></main></html>"""


class Switch:
    """One acquirer's switch with the codes that it made."""

    def __init__(self, *, key: str, secret: str, clock: Callable[[], float] = time.time) -> None:
        self.key, self.secret, self.clock = key, secret, clock
        self.codes: dict[str, Code] = {}
        self.notices: list[tuple[bytes, str]] = []
        self.lock = threading.Lock()
        self.app = self._routes(new_app(__name__))

    def _routes(self, app: Flask) -> Flask:
        app.add_url_rule("/v1/codes", "make", self.make, methods=["POST"])
        app.add_url_rule("/v1/codes/<code_id>", "show", self.show)
        app.add_url_rule("/v1/codes", "find", self.find)
        app.add_url_rule("/v1/codes/<code_id>/cancel", "cancel", self.cancel, methods=["POST"])
        app.add_url_rule("/v1/codes/<code_id>/refunds", "refund", self.refund, methods=["POST"])
        app.add_url_rule("/pay/<code_id>", "page", self.page)
        app.add_url_rule("/pay/<code_id>", "pay", self.pay, methods=["POST"])
        return app

    def _refused(self) -> tuple[Response, int] | None:
        given = request.headers.get("Authorization", "")
        fits = hmac.compare_digest(given.encode(), f"Bearer {self.key}".encode())
        return None if fits else (jsonify(error="unauthorized"), 401)

    def make(self) -> tuple[Response, int]:
        """Make a code, once per reference."""
        if refused := self._refused():
            return refused
        ask = request.get_json()
        with self.lock:
            same = next((one for one in self.codes.values() if one["reference"] == ask["reference"]), None)
            if same is not None:
                is_same = (same["amount"], same["currency"]) == (ask["amount"], ask["currency"])
                return (jsonify(self._shown(same)), 200) if is_same else (jsonify(error="other_amount"), 409)
            code_id = f"qr_{uuid4().hex}"
            code = {
                "id": code_id, "reference": ask["reference"], "amount": ask["amount"], "currency": ask["currency"],
                "state": "open", "payload": f"00020101{code_id[-8:]}", "refunds": {},
            }  # fmt: skip
            self.codes[code_id] = code
            return jsonify(self._shown(code)), 201

    def _shown(self, code: Code) -> Code:
        return {
            **code,
            "page": f"{request.host_url}pay/{code['id']}",
            "refunded": sum(code["refunds"].values()),
        }

    def show(self, code_id: str) -> tuple[Response, int]:
        """Show a code."""
        if refused := self._refused():
            return refused
        code = self.codes.get(code_id)
        return (jsonify(self._shown(code)), 200) if code else (jsonify(error="unknown"), 404)

    def find(self) -> tuple[Response, int]:
        """Find a code by its reference."""
        if refused := self._refused():
            return refused
        wanted = request.args.get("reference")
        code = next((one for one in self.codes.values() if one["reference"] == wanted), None)
        return (jsonify(self._shown(code)), 200) if code else (jsonify(error="unknown"), 404)

    def cancel(self, code_id: str) -> tuple[Response, int]:
        """Cancel an open code."""
        if refused := self._refused():
            return refused
        with self.lock:
            code = self.codes.get(code_id)
            if code is None or code["state"] != "open":
                return jsonify(error="not_open"), 409
            code["state"] = "canceled"
            self._tell(code, "code.canceled")
        return jsonify(self._shown(code)), 200

    def refund(self, code_id: str) -> tuple[Response, int]:
        """Give a part back, once per key."""
        if refused := self._refused():
            return refused
        ask = request.get_json()
        with self.lock:
            code = self.codes.get(code_id)
            if code is None or code["state"] != "paid":
                return jsonify(error="not_paid"), 409
            given = code["refunds"]
            if ask["key"] not in given and sum(given.values()) + ask["amount"] > code["amount"]:
                return jsonify(error="too_much"), 409
            given.setdefault(ask["key"], ask["amount"])
            self._tell(code, "code.refunded", refund=ask["key"], refund_amount=given[ask["key"]])
        return jsonify(id=ask["key"], state="succeeded", amount=given[ask["key"]]), 200

    def page(self, code_id: str) -> tuple[str, int]:
        """Show the code as a debtor sees it."""
        code = self.codes.get(code_id)
        return (render_template_string(_PAGE, code=code), 200) if code else ("", 404)

    def pay(self, code_id: str) -> tuple[str, int]:
        """Pay a code, as a bank's app does."""
        with self.lock:
            code = self.codes.get(code_id)
            if code is None or code["state"] != "open":
                return "", 409
            code["state"] = "paid"
            self._tell(code, "code.paid")
        return "", 200

    def _tell(self, code: Code, kind: str, **more: Any) -> None:
        body = json.dumps(
            {"id": f"ntc_{uuid4().hex}", "type": kind, "at": int(self.clock()), "code": {**code}, **more}
        ).encode()
        stamp = str(int(self.clock()))
        digest = hmac.new(self.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        self.notices.append((body, f"t={stamp},v1={digest}"))

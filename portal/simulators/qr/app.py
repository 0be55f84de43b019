"""A QR switch as acquirers of QRIS, VietQR or SPEI offer it: a code for an amount, paid in a bank's app.

Its words are the smallest that such switches have in common; docs/rails.md says how an adapter meets another one. A
code is made once per reference; the same reference with another amount is refused. Requests carry a bearer key, and
what happened is told by a signed notice. With a journal the codes survive a restart.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import segno
from flask import Flask, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from portal.simulators.journal import Journal
from portal.simulators.serving import POLICY, new_app

Code = dict[str, Any]
Notice = tuple[bytes, str]
SCHEMES = {"qris": "QRIS", "vietqr": "VietQR", "spei": "SPEI", "gcash": "GCash"}
#: What one euro is worth; made up, near what it was in November 2026.
RATES = {
    "USD": "1.0834", "GBP": "0.8412", "THB": "37.51", "VND": "28350", "BRL": "6.214", "CNY": "7.784", "TWD": "34.92",
    "IDR": "17680", "MXN": "21.43", "PHP": "63.71", "SGD": "1.4226", "MYR": "4.785", "JPY": "166.2", "INR": "91.85",
}  # fmt: skip
_WHOLE = frozenset({"VND"})  # currencies without a smaller unit


class Switch:
    """One acquirer's switch with the codes that it made. `tell` gets every notice that it sends."""

    def __init__(
        self,
        *,
        key: str,
        secret: str,
        clock: Callable[[], float] = time.time,
        journal: Journal | None = None,
        tell: Callable[[bytes], None] = lambda _body: None,
    ) -> None:
        self.key, self.secret, self.clock, self.tell = key, secret, clock, tell
        self.journal = journal or Journal(None)
        self.codes: dict[str, Code] = {row["id"]: row for row in self.journal.read()}
        self.notices: list[Notice] = []
        self.lock = threading.Lock()
        self.app = self._routes(new_app(__name__))

    def _routes(self, app: Flask) -> Flask:
        app.add_url_rule("/", "home", self.home)
        app.add_url_rule("/rates", "rates", self.rates)
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
                "scheme": ask["scheme"], "return_url": ask["return_url"], "state": "open",
                "payload": f"00020101{code_id[-8:]}", "refunds": {},
            }  # fmt: skip
            self._save(code)
            return jsonify(self._shown(code)), 201

    def _save(self, code: Code) -> None:
        self.codes[code["id"]] = code
        self.journal.write(code)

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
            self._move(code, "canceled")
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
            self._save(code)
            self._tell(code, "code.refunded", refund=ask["key"], refund_amount=given[ask["key"]])
        return jsonify(id=ask["key"], state="succeeded", amount=given[ask["key"]]), 200

    def home(self) -> str:
        """List the codes, the newest first."""
        codes = [{**code, "told": _amount(code)} for code in reversed(list(self.codes.values())[-100:])]
        return render_template("codes.html", codes=codes)

    def rates(self) -> Response:
        """Publish the exchange rates at which the acquirer settles, as of the last full hour."""
        hour = datetime.fromtimestamp(self.clock() // 3600 * 3600, UTC)
        return jsonify(source="Acquirer of the QR switch", base="EUR", at=hour.isoformat(), rates=RATES)

    def page(self, code_id: str) -> tuple[str, int] | Answer:
        """Show the code as a debtor sees it."""
        code = self.codes.get(code_id)
        return _page(code) if code else ("", 404)

    def pay(self, code_id: str) -> tuple[str, int] | Answer:
        """Pay a code, as a bank's app does; a second tap finds it paid."""
        code = self.codes.get(code_id)
        if code is None:
            return "", 404
        with self.lock:
            if code["state"] == "canceled":
                return "", 409
            if code["state"] == "open":
                self._move(code, "paid")
        return redirect(code["return_url"], code=303)

    def _move(self, code: Code, state: str) -> None:
        code["state"] = state
        self._save(code)
        self._tell(code, f"code.{state}")

    def _tell(self, code: Code, kind: str, **more: Any) -> None:
        body = json.dumps(
            {"id": f"ntc_{uuid4().hex}", "type": kind, "at": int(self.clock()), "code": {**code}, **more}
        ).encode()
        self.notices.append((body, self.sign(body)))
        self.tell(body)

    def sign(self, body: bytes) -> str:
        """Make the Switch-Signature header of a notice that goes out now."""
        stamp = str(int(self.clock()))
        digest = hmac.new(self.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return f"t={stamp},v1={digest}"


def _amount(code: Code) -> str:
    places = 0 if code["currency"] in _WHOLE else 2
    return f"{code['currency']} {code['amount'] / 10**places:,.{places}f}"


def _page(code: Code) -> Answer:
    """Draw the page; its form may lead back to where the code was asked for, and to nothing else."""
    back = urlsplit(code["return_url"])
    page = make_response(
        render_template(
            "qr.html",
            code=code,
            picture=segno.make(code["payload"], error="m").svg_data_uri(scale=6, border=2, light="#fff"),
            scheme=SCHEMES.get(code["scheme"], code["scheme"]),
            amount=_amount(code),
        )
    )
    page.headers["Content-Security-Policy"] = POLICY.format(f"'self' {back.scheme}://{back.netloc}")
    return page

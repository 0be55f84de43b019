"""The API under /v1: key check, parameters, idempotency, planned faults, answers in Stripe's shape."""

import base64
import binascii
import json
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request

from portal.simulators.stripe import (
    accounts,
    checkout,
    customers,
    forms,
    idempotency,
    intents,
    refunds,
    setups,
)
from portal.simulators.stripe.errors import ApiError
from portal.simulators.stripe.faults import Fault, Faults
from portal.simulators.stripe.idempotency import Answer
from portal.simulators.stripe.listing import expanded
from portal.simulators.stripe.operations import Call, Operation
from portal.simulators.stripe.vault import API_VERSION, Vault, World, new_id

OPERATIONS = (
    *customers.OPERATIONS,
    *intents.OPERATIONS,
    *setups.OPERATIONS,
    *checkout.OPERATIONS,
    *refunds.OPERATIONS,
    *accounts.OPERATIONS,
)
LOG_MAX = 1_000
NOT_KEPT = (429, 503)  # Stripe keeps a 500 for its key, but not a rate limit or an outage in front of the API


@dataclass(frozen=True, slots=True)
class Job:
    """One request on its way: what is to be done, for which account, and the trouble planned for it."""

    row: Operation
    ids: dict[str, str]
    vault: Vault
    params: dict[str, Any]
    request_id: str
    fault: Fault | None

    @property
    def planned(self) -> Answer | None:
        """The planned answer instead of the real one."""
        if self.fault and self.fault.action == "status":
            return Answer(self.fault.status, self.fault.body(), self.request_id)
        return None


class Api:
    """The operations over one world, as a Flask blueprint."""

    def __init__(self, world: World, faults: Faults, public_url: str | None = None) -> None:
        self.world = world
        self.faults = faults
        self.public_url = public_url
        self.log: deque[dict[str, Any]] = deque(maxlen=LOG_MAX)
        self.blueprint = Blueprint("api", __name__)
        for row in OPERATIONS:
            name = f"{row.method} {row.path}".replace(".", " ")
            self.blueprint.add_url_rule(row.path, name, self._view(row), methods=[row.method])
        every = ["GET", "POST", "DELETE", "PUT", "PATCH"]
        self.blueprint.add_url_rule("/v1/", "nothing", self._nothing, methods=every, defaults={"path": ""})
        self.blueprint.add_url_rule("/v1/<path:path>", "nothing", self._nothing, methods=every)

    def base_url(self) -> str:
        return self.public_url or request.host_url.rstrip("/")

    def _view(self, row: Operation) -> Callable[..., Response]:
        def view(**ids: str) -> Response:
            request_id = new_id("req", 14)
            fault = self.faults.take(request.method, request.path)
            try:
                answer = self._answer(row, ids, request_id, fault)
            except ApiError as error:
                answer = Answer(error.status, error.body(request_id), request_id)
            self._note(request_id, answer)
            if fault and fault.when == "after":
                _hold_up(fault)
            return _respond(request_id, answer, fault)

        return view

    def _answer(self, row: Operation, ids: dict[str, str], request_id: str, fault: Fault | None) -> Answer:
        job = Job(row, ids, self._authorize(), _parameters(), request_id, fault)
        if fault and fault.when == "before" and fault.action != "status":
            _hold_up(fault)
            if fault.action == "drop":
                return Answer(500, {}, request_id)
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        if not key:
            return self._run(job)
        print_ = idempotency.fingerprint(request.method, request.path, job.params)
        with job.vault.lock:
            if kept := idempotency.begin(job.vault, key, print_):
                return kept
        return self._run_once(job, key)

    def _run_once(self, job: Job, key: str) -> Answer:
        is_kept = False
        try:
            answer = self._run(job)
            is_kept = answer.status not in NOT_KEPT
        except ApiError as error:
            answer = Answer(error.status, error.body(job.request_id), job.request_id)
            is_kept = not error.is_validation
        finally:
            if not is_kept:
                idempotency.release(job.vault, key)
        if is_kept:
            idempotency.keep(job.vault, key, answer)
        return answer

    def _run(self, job: Job) -> Answer:
        fault, vault = job.fault, job.vault
        if fault and fault.when == "before" and job.planned:
            return job.planned
        version = request.headers.get("Stripe-Version")
        forms.check_names(job.params, job.row.parameters, version=version)
        with vault.lock:
            vault.request = {"id": job.request_id, "idempotency_key": request.headers.get("Idempotency-Key")}
            try:
                done = job.row.run(Call(vault, job.params, self.base_url(), job.ids))
                body = expanded(vault, done, job.params)
            finally:
                vault.request = {"id": None, "idempotency_key": None}
        if fault and fault.when == "after" and job.planned:
            return job.planned
        return Answer(200, body, job.request_id)

    def _authorize(self) -> Vault:
        key = _given_key()
        if not key:
            text = "You did not provide an API key. You need to provide your API key in the Authorization header."
            raise ApiError(text, status=401)
        vault = self.world.own(key) if key in self.world.keys else None
        if vault is None:
            shown = f"{key[:8]}{'*' * max(0, len(key) - 12)}{key[-4:]}" if len(key) > 12 else "****"
            raise ApiError(f"Invalid API Key provided: {shown}", status=401)
        account = request.headers.get("Stripe-Account")
        if not account or account == vault.account:
            return vault
        known = vault.find(account)
        if known is None or known["object"] != "account":
            text = f"The provided key does not have access to account '{account}' (or that account does not exist)."
            raise ApiError(text, status=403, code="account_invalid")
        return self.world.open(key, account)

    def _note(self, request_id: str, answer: Answer) -> None:
        self.log.append(
            {
                "id": request_id,
                "method": request.method,
                "path": request.path,
                "status": answer.status,
                "is_replay": answer.is_replay,
                "idempotency_key": request.headers.get("Idempotency-Key"),
                "body": request.get_data(as_text=True),
            }
        )

    def _nothing(self, path: str) -> Response:
        text = f"Unrecognized request URL ({request.method}: /v1/{path})."
        error = ApiError(text, status=404)
        request_id = new_id("req", 14)
        return _respond(request_id, Answer(404, error.body(request_id), request_id), None)


def _given_key() -> str | None:
    header = request.headers.get("Authorization", "")
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None


def _parameters() -> dict[str, Any]:
    raw = request.get_data() if request.method == "POST" else request.query_string
    try:
        pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=forms.PAIRS_MAX)
    except ValueError:
        raise ApiError("Invalid request body: not form-encoded UTF-8, or too many parameters.") from None
    return forms.parse(pairs)


def _hold_up(fault: Fault) -> None:
    if fault.action == "delay":
        time.sleep(fault.seconds)
    elif fault.action == "drop":
        line: socket.socket | None = request.environ.get("werkzeug.socket")
        if line is not None:
            line.shutdown(socket.SHUT_RDWR)


def _respond(request_id: str, answer: Answer, fault: Fault | None) -> Response:
    response = Response(json.dumps(answer.body, indent=2), answer.status, content_type="application/json")
    response.headers["Request-Id"] = request_id
    response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
    if key := request.headers.get("Idempotency-Key"):
        response.headers["Idempotency-Key"] = key.encode("latin-1", "replace").decode("latin-1")
    if answer.is_replay:
        response.headers["Idempotent-Replayed"] = "true"
        response.headers["Original-Request"] = answer.request_id
    if fault and fault.should_retry and not answer.is_replay:
        response.headers["Stripe-Should-Retry"] = fault.should_retry
    return response

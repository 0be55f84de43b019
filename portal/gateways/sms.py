"""Texts to a phone by a carrier's HTTP gateway: one POST, every answer a value.

The carrier is asked with `{to, from, text, message_id}` and a bearer key, and answers 2xx with `{id}`. It tells later
what became of a text, and what people answer, by posts to our own hook with the same key (`read_callback`).
"""

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

CONNECT_S, READ_S = 5.0, 15.0
ANSWER_BYTES_MAX = 20_000
CALLBACK_BYTES_MAX = 20_000
_STATES = {"delivered": "delivered", "failed": "failed", "undelivered": "failed", "rejected": "failed"}


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsReceipt:
    """What became of a text: `state` is sent, failed (for good) or unknown; `reason` a code; `carrier_id` theirs.

    Unknown means that nobody knows whether it went out (no answer, a fault, or `busy`: not now). The same key may be
    sent again: the carrier answers a key that it has seen without sending twice.
    """

    state: str
    carrier_id: str | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsDelivered:
    """The carrier tells what became of a text later: `state` is delivered or failed; `key` is ours."""

    key: str
    carrier_id: str | None
    state: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsReply:
    """Somebody answered from a phone; `reply_id` is unique at the carrier, `phone` is E.164."""

    reply_id: str
    phone: str
    text: str
    at: datetime


class SmsGateway(Protocol):
    """Whatever brings a text to a phone."""

    def send(self, *, to: str, text: str, key: str) -> SmsReceipt:
        """Send a text to a number in E.164; the same key never sends twice."""


class HttpSmsGateway:
    """A carrier's HTTP gateway at one URL. Safe to use from many threads; redirects are never followed."""

    def __init__(
        self,
        *,
        url: str,
        key: str,
        sender: str = "",
        connect_s: float = CONNECT_S,
        read_s: float = READ_S,
    ) -> None:
        is_local = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
        self._url = url
        self._key = key
        self._sender = sender
        self._client = httpx.Client(
            timeout=httpx.Timeout(read_s, connect=connect_s),
            follow_redirects=False,
            trust_env=not is_local,
            headers={"Authorization": f"Bearer {key}", "User-Agent": "portal"},
        )

    def send(self, *, to: str, text: str, key: str) -> SmsReceipt:
        """Send a text to a number in E.164; the same key never sends twice. Never raises for what a network does."""
        body = {"to": to, "from": self._sender, "text": text, "message_id": key}
        try:
            with self._client.stream("POST", self._url, json=body) as answer:
                return _receipt(answer.status_code, _beginning(answer))
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return SmsReceipt(state="unknown", reason="not_reached")
        except httpx.HTTPError:
            return SmsReceipt(state="unknown", reason="no_answer")
        except UnicodeEncodeError:  # half a character: no carrier could take it
            return SmsReceipt(state="failed", reason="text")

    def read_callback(self, *, raw_body: bytes, authorization: str | None) -> SmsDelivered | SmsReply | None:
        """Read what the carrier tells back; None for a wrong key or a shape that we do not know."""
        given = (authorization or "").removeprefix("Bearer ").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._key.encode()) or len(raw_body) > CALLBACK_BYTES_MAX:
            return None
        try:
            return _callback(json.loads(raw_body))
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def close(self) -> None:
        """Close the idle connections."""
        self._client.close()


def _beginning(answer: httpx.Response) -> bytes:
    kept = b""
    for chunk in answer.iter_bytes():
        kept += chunk
        if len(kept) > ANSWER_BYTES_MAX:
            return b""
    return kept


def _receipt(status: int, body: bytes) -> SmsReceipt:
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        told = {}
    told = told if isinstance(told, dict) else {}
    if 200 <= status < 300:
        carrier_id = told.get("id")
        return SmsReceipt(state="sent", carrier_id=str(carrier_id)[:100] if carrier_id else None)
    if status in (408, 425, 429, 503):
        return SmsReceipt(state="unknown", reason="busy")
    if 400 <= status < 500:
        return SmsReceipt(state="failed", reason=_code(told.get("error"), f"http_{status}"))
    return SmsReceipt(state="unknown", reason=f"http_{status}")


def _code(value: Any, otherwise: str) -> str:
    """Keep a carrier's code where it is one: letters, digits, underscores."""
    is_code = (
        isinstance(value, str)
        and 0 < len(value) <= 50
        and value.replace("_", "").isalnum()
        and value.isascii()
    )
    return value if is_code else otherwise


def _callback(told: Any) -> SmsDelivered | SmsReply:
    at = datetime.fromisoformat(told["at"])
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    if told["type"] == "reply":
        values = {"reply_id": told["id"], "phone": told["from"], "text": told["text"]}
        if not all(isinstance(value, str) for value in values.values()) or not told["from"].startswith("+"):
            raise TypeError
        return SmsReply(at=at, **values)
    if told["type"] != "receipt" or not isinstance(told["message_id"], str):
        raise TypeError
    return SmsDelivered(
        key=told["message_id"],
        carrier_id=str(told["id"]) if told.get("id") else None,
        state=_STATES[told["status"]],
        at=at,
        reason=_code(told.get("error"), ""),
    )

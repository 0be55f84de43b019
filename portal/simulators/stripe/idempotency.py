"""Idempotency keys as Stripe treats them: first answer replayed, parameters compared, concurrent use refused."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from portal.simulators.stripe.errors import ApiError
from portal.simulators.stripe.vault import Thing, Vault

LIFE_S = 24 * 3600
SIZE_MAX = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that is kept for its key."""

    status: int
    body: Any
    request_id: str
    is_replay: bool = False


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    canonical = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def begin(vault: Vault, key: str, print_: str) -> Answer | None:
    """Reserve a key or give its kept answer. Raises `ApiError` on other parameters or concurrent use.

    Must be called under the vault's lock.
    """
    if len(key) > SIZE_MAX:
        raise ApiError(f"Idempotency keys have at most {SIZE_MAX} characters.", kind="idempotency_error")
    kept = vault.find(_id(key))
    if kept is not None and kept["created"] < vault.now() - LIFE_S:
        vault.forget(kept)
        kept = None
    if kept is None:
        kept = {
            "id": _id(key),
            "object": "idempotent_answer",
            "created": vault.now(),
            "print": print_,
            "answer": None,
        }
        vault.restore(kept)  # journaled only with its answer: a killed process must not hold the key forever
        return None
    if kept["print"] != print_:
        text = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise ApiError(text, kind="idempotency_error")
    if kept["answer"] is None:
        text = (
            "There is currently another in-progress request using this Idempotent Key (that probably means you "
            f"submitted twice, and the other request is still going through): {key}. Please try again later."
        )
        raise ApiError(text, status=409, kind="idempotency_error", code="idempotency_key_in_use")
    return Answer(
        kept["answer"]["status"], kept["answer"]["body"], kept["answer"]["request_id"], is_replay=True
    )


def keep(vault: Vault, key: str, answer: Answer) -> None:
    kept: Thing = vault.get("idempotent_answer", _id(key))
    kept["answer"] = {"status": answer.status, "body": answer.body, "request_id": answer.request_id}
    vault.save(kept)


def release(vault: Vault, key: str) -> None:
    """Forget a reserved key: its request came to nothing that must be kept."""
    vault.drop(_id(key))


def _id(key: str) -> str:
    return f"idem_{key}"

"""The same Idempotency-Key and the same request: the same answer, and its effect once."""

import hashlib
from collections.abc import Callable

from flask import Response, request

from portal.store import idempotency
from portal.web.access import key_room
from portal.web.api.problems import RefusedError, refuse_field
from portal.web.context import portal

HEADER = "Idempotency-Key"
_BYTES_AT_ONCE = 1 << 16


def answer_once(make: Callable[[], Response]) -> Response:
    """Answer a POST; a repeated one gets the first answer and does nothing.

    Raises RefusedError: 400 without a key, 409 when the key stands for another request or the first one is not
    finished. What was refused (4xx) is an answer too and is kept; after a 5xx the key is free again.
    """
    key = _key()
    unit, api_key_id = key_room()
    wanted = _request_digest()
    with unit.begin() as tx:
        known = idempotency.claim_key(
            tx, key=key, api_key_id=api_key_id, request_digest=wanted, now=portal().clock.now()
        )
    if known is not None:
        return _repeat(known, wanted)
    try:
        response = _made(make)
    except BaseException:
        with unit.begin() as tx:
            idempotency.let_go(tx, key=key, api_key_id=api_key_id)
        raise
    if response.status_code >= 500:
        with unit.begin() as tx:
            idempotency.let_go(tx, key=key, api_key_id=api_key_id)
        return response
    with unit.begin() as tx:
        idempotency.keep_answer(
            tx,
            key=key,
            api_key_id=api_key_id,
            status=response.status_code,
            place=response.headers.get("Location"),
            body=f"{response.mimetype}\n{response.get_data(as_text=True)}",
        )
    return response


def _made(make: Callable[[], Response]) -> Response:
    try:
        return make()
    except RefusedError as refused:
        return refused.answer()


def _key() -> str:
    key = request.headers.get(HEADER, "")
    if not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise refuse_field(
            HEADER,
            "required" if not key else "format",
            "Every POST carries a key of its own.",
            "Send up to 255 printable characters, such as a UUID, the same ones when you try again.",
            status=400,
        )
    return key


def _repeat(known: idempotency.Answered, wanted: bytes) -> Response:
    if known.request_digest != wanted:
        raise refuse_field(
            HEADER, "other_request", "This key stands for another request.", "Use a new key.", status=409
        )
    if known.status is None or known.body is None:
        raise RefusedError(
            409,
            "The first request with this key is not finished",
            detail="If it takes longer than a minute, look at what it was to change, then use a new key.",
            retry_after=5,
        )
    kind, _, body = known.body.partition("\n")
    response = Response(body, known.status, mimetype=kind)
    if known.place:
        response.headers["Location"] = known.place
        response.autocorrect_location_header = False
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _request_digest() -> bytes:
    """Digest what is asked: address, and the body or the files whatever the boundary between them is."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n{request.mimetype}\n".encode())
    if request.mimetype == "multipart/form-data":
        for name, value in sorted(request.form.items(multi=True), key=_name):
            digest.update(f"{name}={value}\n".encode("utf-8", "replace"))
        for name, file in sorted(request.files.items(multi=True), key=_name):
            digest.update(f"{name}:{file.filename}\n".encode("utf-8", "replace"))
            while chunk := file.stream.read(_BYTES_AT_ONCE):
                digest.update(chunk)
            file.stream.seek(0)
    else:
        digest.update(request.get_data())
    return digest.digest()


def _name(pair: tuple[str | None, object]) -> str:
    """Give the name by which parts of a form are sorted; a part may come without one."""
    return pair[0] or ""

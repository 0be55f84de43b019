"""The cookie by which a phone on which somebody was verified is known again: one random number a person."""

from uuid import UUID

from flask import Response, request

from portal.core.identity import DEVICE_COOKIE_DAYS
from portal.web.context import portal


def _name(lender_id: int | None, debtor_id: UUID) -> str:
    prefix = "__Host-" if portal().settings.cookie_secure else ""
    return f"{prefix}phone-{lender_id}-{debtor_id.hex[-8:]}"


def device_of(lender_id: int | None, debtor_id: UUID) -> str | None:
    """Give the number that this phone got when this person was verified on it; None on another phone."""
    return request.cookies.get(_name(lender_id, debtor_id))


def remember_device(
    response: Response, lender_id: int | None, debtor_id: UUID, device: str | None
) -> Response:
    """Let this phone be known again for a year."""
    if device:
        response.set_cookie(
            _name(lender_id, debtor_id),
            device,
            max_age=DEVICE_COOKIE_DAYS * 24 * 3600,
            secure=portal().settings.cookie_secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response

"""What the API takes and gives of receivers of events."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from portal.actions.endpoints.rotate_endpoint_secret import OVERLAP_MAX
from portal.gateways.address_guard import URL_CHARACTERS_MAX
from portal.web.api.models import Strict

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=80)]
_OVERLAP_HOURS_MAX = int(OVERLAP_MAX / timedelta(hours=1))


class EndpointBody(Strict):
    """What a receiver is to be."""

    url: Annotated[
        str,
        StringConstraints(min_length=1, max_length=URL_CHARACTERS_MAX),
        Field(
            description="https, port 443 or 8443, a public host.", examples=["https://hooks.example.com/in"]
        ),
    ]
    patterns: Annotated[
        list[Pattern],
        Field(
            min_length=1,
            max_length=200,
            description="Types such as payment.succeeded, payment.* or *.",
            examples=[["payment.*", "agreement.*"]],
        ),
    ]
    ordered: Annotated[bool, Field(strict=True, description="Keep the order within each account.")] = True
    ed25519: Annotated[bool, Field(strict=True, description="Also sign with Ed25519 (v1a).")] = False


class EndpointView(BaseModel):
    """A receiver; its secret is never shown again."""

    id: UUID
    url: str
    patterns: list[str]
    ordered: bool
    ed25519: bool
    public_key: Annotated[str | None, Field(description="Verifies the v1a signatures.")]
    state: Literal["active", "disabled"]
    disabled_reason: str | None
    failing_since: datetime | None
    slow_until: datetime | None
    old_secret_until: datetime | None
    created_at: datetime


class EndpointMade(EndpointView):
    """A new receiver with its secret, which is shown this once."""

    secret: Annotated[str, Field(description="Verifies the v1 signatures. Shown once.")]


class EndpointPage(BaseModel):
    endpoints: list[EndpointView]


class RotateBody(Strict):
    overlap_hours: Annotated[
        int, Field(strict=True, ge=0, le=_OVERLAP_HOURS_MAX, description="How long the old one signs too.")
    ] = 24


class SecretView(BaseModel):
    """A new secret, shown this once."""

    secret: str
    old_secret_until: datetime


class SwitchBody(Strict):
    on: Annotated[bool, Field(strict=True, description="false: nothing is sent, everything keeps waiting.")]


class TestBody(Strict):
    """Nothing to say: `endpoint.tested` goes to this receiver, whatever it subscribes to."""


class TestView(BaseModel):
    event: Annotated[str, Field(description="The webhook-id that will arrive.")]

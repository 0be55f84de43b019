"""What the API takes and gives of the bounds."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from portal.core.bounds.presets import CURRENCIES
from portal.web.api.models import OneOf, Strict

KNOWN_CURRENCIES = tuple(sorted(CURRENCIES))


class BoundsView(BaseModel):
    """One version of the bounds of a currency."""

    id: UUID
    name: str
    currency: str
    version: int
    state: Literal["draft", "simulated", "approved", "active", "retired"]
    approval: Annotated[str | None, Field(description="The id under /approvals while it waits, and after.")]
    made_at: datetime
    active_from: datetime | None
    retired_at: datetime | None
    body: Annotated[dict[str, Any] | None, Field(description="docs/bounds.schema.json; null in lists.")] = (
        None
    )


class BoundsPage(BaseModel):
    versions: list[BoundsView]


class DraftBody(Strict):
    """A new draft: of a version (`source`), or of the ready-made bounds of a currency; `body` replaces the rules."""

    currency: Annotated[str, OneOf(KNOWN_CURRENCIES)] | None = None
    source: UUID | None = None
    body: dict[str, Any] | None = None


class RulesBody(Strict):
    body: Annotated[dict[str, Any], Field(description="docs/bounds.schema.json")]


class NothingBody(Strict):
    """Nothing to say."""


class SegmentView(BaseModel):
    segment: str
    accounts: int
    with_plan: int
    with_plan_before: int | None


class CountView(BaseModel):
    """How many of your own open accounts would be offered a plan, by this version and by what is in force."""

    accounts: int
    with_plan: int
    with_plan_before: int | None
    whole_sample: bool
    seconds: float
    segments: list[SegmentView]
    handed_off: Annotated[dict[str, int], Field(description="Why the others would go to a person.")]

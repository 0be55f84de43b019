"""Every event type that the portal knows, in one place. What is not here cannot be told to a lender."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

from portal.core.errors import EventError
from portal.core.events.nouns import (
    access,
    accounts,
    agreements,
    care,
    guests,
    house,
    messages,
    payments,
    plans,
)
from portal.core.events.schema import list_faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.core.events.shapes import EventType, Json

PAYLOAD_BYTES_MAX = 16_000
"""A payload leaves 4 kB of the 20 kB of a body (Standard Webhooks 1.0.0) to the envelope."""

_ROOMS = (access, messages, accounts, plans, agreements, payments, care, guests, house)

CATALOG: Mapping[str, EventType] = MappingProxyType({one.name: one for room in _ROOMS for one in room.EVENTS})
"""Every event type by its name, grouped by noun, in the order in which a case lives."""


def find(type_: str) -> EventType:
    """Find an event type by its name; raises EventError when the catalog does not know it."""
    found = CATALOG.get(type_)
    if found is None:
        raise EventError(f"{type_} is not in the catalog")
    return found


def validate(type_: str, payload: Mapping[str, Json]) -> None:
    """Check that `payload` is what the catalog promises for `type_`.

    Raises EventError naming every fault: an unknown type, a missing, unknown or malformed field, more than
    `PAYLOAD_BYTES_MAX` bytes of JSON.
    """
    faults = list_faults(schema=find(type_).schema, value=dict(payload))
    if faults:
        raise EventError(f"{type_}: {'; '.join(faults)}")
    size = len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode())
    if size > PAYLOAD_BYTES_MAX:
        raise EventError(f"{type_}: payload has {size} bytes, more than {PAYLOAD_BYTES_MAX}")


def check_subject(type_: str, *, account_ref: str | None, debtor_ref: str | None) -> None:
    """Check that an event belongs where its type belongs: to an account, a debtor, or the lender as a whole.

    Raises EventError when an account event has no account, or a lender's or debtor's event has one.
    """
    scope = find(type_).scope
    if scope == "account" and account_ref is None:
        raise EventError(f"{type_} belongs to an account and has none")
    if scope in {"debtor", "lender"} and account_ref is not None:
        raise EventError(f"{type_} belongs to the {scope} as a whole and leaves the account out")
    if scope == "debtor" and debtor_ref is None:
        raise EventError(f"{type_} belongs to a debtor and has none")


def check_actor(type_: str, kind: str) -> None:
    """Check that somebody of this kind can cause the event; raises EventError otherwise."""
    if kind not in find(type_).actors:
        raise EventError(f"{type_} is not caused by {kind}")

"""What happened on an account, in the words of the event catalog, with the figures that each event carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup

from portal.core.events.catalog import CATALOG
from portal.core.events.envelope import write_event_id
from portal.core.money import Money
from portal.store.event_pages import ToldEvent
from portal.web.format import bdi, money_text
from portal.web.language import gettext as _

FACTS_MAX = 16


@dataclass(frozen=True, kw_only=True)
class ShownEvent:
    """One event as the timeline shows it."""

    id: UUID
    name: str
    type: str
    meaning: str
    who: str
    at: datetime
    facts: tuple[tuple[str, Markup], ...]


def shown_event(event: ToldEvent) -> ShownEvent:
    """Put an event into words."""
    known = CATALOG.get(event.type)
    return ShownEvent(
        id=event.id,
        name=write_event_id(event.id),
        type=event.type,
        meaning=known.meaning if known else event.type,
        who=who_words(str(event.actor.get("kind", ""))),
        at=event.occurred_at,
        facts=tuple(_facts(event.payload))[:FACTS_MAX],
    )


def who_words(kind: str) -> str:
    """Name a kind of actor."""
    return {
        "debtor": _("debtor"),
        "staff": _("our staff"),
        "counselor": _("counselor"),
        "provider": _("training provider"),
        "lender": _("case system"),
        "system": _("the portal"),
    }.get(kind, kind)


def _facts(payload: Mapping[str, Any], before: str = "") -> list[tuple[str, Markup]]:
    found: list[tuple[str, Markup]] = []
    for name, value in payload.items():
        words = f"{before} {name}".strip().replace("_", " ")
        if isinstance(value, Mapping) and set(value) == {"minor", "currency"}:
            found.append((words, bdi(money_text(Money(value["minor"], value["currency"])))))
        elif isinstance(value, Mapping):
            found += _facts(value, words)
        elif isinstance(value, bool):
            found.append((words, bdi(_("yes") if value else _("no"))))
        elif isinstance(value, list):
            found.append((words, bdi(", ".join(str(one) for one in value))))
        else:
            found.append((words, bdi(value)))
    return found

"""The packet that a person gets when a case is handed over: nothing has to be asked twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.core.cases.authority import nearest_by_authority
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.audit import plain
from portal.core.negotiation.context import Case
from portal.core.negotiation.facts import Facts, facts_to_dict
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.offers import Offer
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_to_dict

# What a person is asked to look at first, by cause.
SUGGESTED = {
    "vulnerable": "talk_first",
    "wants_person": "talk_first",
    "negative_budget": "breathing_space",
    "nothing_fits": "authority_plan",
    "asks_used": "authority_plan",
    "renegotiations_used": "authority_plan",
    "dispute": "answer_dispute",
    "complaint": "answer_complaint",
}
DEFAULT_SLA_HOURS = 48


@dataclass(frozen=True, kw_only=True, slots=True)
class Packet:
    """A case for a person. Private to the lender: it holds what staff may agree beyond the rules.

    `answer_by` is the promised time; until then `hold_enforcement_until` pauses enforcement. `queue` names where it
    goes, `language` and `contact_preference` how to answer.
    """

    ref: str
    cause: str
    queue: str
    facts: Facts
    asks: tuple[Ask, ...]
    offers: tuple[Offer, ...]
    nearest_by_authority: tuple[tuple[str, Plan | None], ...]
    suggested: str
    sla_hours: int
    answer_by: datetime
    hold_enforcement_until: datetime
    language: str
    contact_preference: str
    also_offer: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the packet as a JSON document for the case system's staff."""
        return {
            "ref": self.ref,
            "cause": self.cause,
            "queue": self.queue,
            "facts": facts_to_dict(self.facts),
            "asks": [plain(ask) for ask in self.asks],
            "offers": [plan_to_dict(offer.plan) for offer in self.offers],
            "nearest_by_authority": {
                role: plan_to_dict(plan) if plan else None for role, plan in self.nearest_by_authority
            },
            "suggested": self.suggested,
            "sla_hours": self.sla_hours,
            "answer_by": self.answer_by.isoformat(),
            "hold_enforcement_until": self.hold_enforcement_until.isoformat(),
            "language": self.language,
            "contact_preference": self.contact_preference,
            "also_offer": list(self.also_offer),
        }


def packet(
    *,
    ref: str,
    cause: str,
    facts: Facts,
    case: Case | None,
    now: datetime,
    asks: tuple[Ask, ...] = (),
    offers: tuple[Offer, ...] = (),
    language: str = "",
    contact_preference: str = "",
    model: Model = PRIOR,
) -> Packet:
    """Return the packet of a hand-off; a case without rules goes to the general queue with the default promise."""
    rule = case.rules.handoff if case else None
    hours = rule.sla_hours if rule else DEFAULT_SLA_HOURS
    wish = asks[-1] if asks else Ask()
    near = nearest_by_authority(case, wish, model=model) if case else {}
    until = now + timedelta(hours=hours)
    return Packet(
        ref=ref,
        cause=cause,
        queue=rule.to if rule else "queue:general",
        facts=facts,
        asks=asks,
        offers=offers,
        nearest_by_authority=tuple(sorted(near.items())),
        suggested=SUGGESTED.get(cause, "look"),
        sla_hours=hours,
        answer_by=until,
        hold_enforcement_until=until,
        language=language,
        contact_preference=contact_preference,
        also_offer=rule.also_offer if rule else ("free_advice_list",),
    )


def is_overdue(one: Packet, *, now: datetime) -> bool:
    """Tell whether the promised time has passed: the packet then goes to the supervisor."""
    return now > one.answer_by

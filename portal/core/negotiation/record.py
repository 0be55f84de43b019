"""Everything one answer was made from, as JSON and back: what `replay` needs to make the same bytes again."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from portal.core.bounds.model import Limit
from portal.core.bounds.resolve import PackLimits
from portal.core.errors import NegotiationError
from portal.core.money import Money
from portal.core.negotiation.answer import Answer, History
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.audit import plain
from portal.core.negotiation.explain import Param, Reason
from portal.core.negotiation.model import Model
from portal.core.negotiation.offers import Offer
from portal.core.plans.record import plan_from_dict, plan_to_dict


def _param(value: Param) -> dict[str, Any]:
    if isinstance(value, Money):
        return {"money": value.minor, "currency": value.currency}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"value": value}


def _read_param(document: Mapping[str, Any]) -> Param:
    if "money" in document:
        return Money(document["money"], document["currency"])
    if "date" in document:
        return date.fromisoformat(document["date"])
    value: Param = document["value"]
    return value


def reason_to_dict(reason: Reason) -> dict[str, Any]:
    """Return a reason as JSON; `reason_from_dict` reads it back."""
    return {"code": reason.code, "params": {name: _param(value) for name, value in reason.params}}


def reason_from_dict(document: Mapping[str, Any]) -> Reason:
    """Read a reason back from `reason_to_dict`."""
    params = {name: _read_param(value) for name, value in document["params"].items()}
    return Reason(code=document["code"], params=tuple(sorted(params.items())))


def offer_to_dict(offer: Offer) -> dict[str, Any]:
    """Return an offer as JSON, private parts included; `offer_from_dict` reads it back."""
    return {
        "plan": plan_to_dict(offer.plan),
        "stage": offer.stage,
        "bounds_version": offer.bounds_version,
        "expires_on": offer.expires_on.isoformat(),
        "reason_codes": [reason_to_dict(one) for one in offer.reason_codes],
        "label": offer.label,
    }


def offer_from_dict(document: Mapping[str, Any]) -> Offer:
    """Read an offer back from `offer_to_dict`. Raises `PlanError` for a plan that is not one."""
    return Offer(
        plan=plan_from_dict(document["plan"]),
        stage=document["stage"],
        bounds_version=document["bounds_version"],
        expires_on=date.fromisoformat(document["expires_on"]),
        reason_codes=tuple(reason_from_dict(one) for one in document["reason_codes"]),
        label=document["label"],
    )


def ask_to_dict(ask: Ask) -> dict[str, Any]:
    """Return the said terms of an ask as JSON; `ask_from_dict` reads it back."""
    said: dict[str, Any] = {k: v for k, v in plain(ask).items() if v not in {None, ""}}
    return said


def ask_from_dict(document: Mapping[str, Any]) -> Ask:
    """Read an ask back from `ask_to_dict`. Raises `NegotiationError` for unknown terms or impossible figures."""
    values = dict(document)
    try:
        if values.get("first_on"):
            values["first_on"] = date.fromisoformat(values["first_on"])
        return Ask(**values)
    except (TypeError, ValueError) as error:
        raise NegotiationError(f"not a record of an ask: {error}") from error


def history_to_dict(history: History) -> dict[str, Any]:
    """Return a history as JSON; `history_from_dict` reads it back."""
    return {"asks": history.asks, "firm": [offer_to_dict(offer) for offer in history.firm]}


def history_from_dict(document: Mapping[str, Any]) -> History:
    """Read a history back from `history_to_dict`."""
    return History(asks=document["asks"], firm=tuple(offer_from_dict(one) for one in document["firm"]))


def pack_to_dict(pack: PackLimits) -> dict[str, Any]:
    """Return a pack's limits as JSON; `pack_from_dict` reads it back."""
    document: dict[str, Any] = plain(asdict(pack))
    return document


def pack_from_dict(document: Mapping[str, Any]) -> PackLimits:
    """Read a pack's limits back from `pack_to_dict`."""
    limits = tuple(
        Limit(
            family=one["family"],
            field=one["field"],
            value=tuple(one["value"]) if isinstance(one["value"], list) else one["value"],
        )
        for one in document["limits"]
    )
    return PackLimits(**{**document, "limits": limits, "barred": tuple(document["barred"])})


def model_from_dict(document: Mapping[str, Any]) -> Model:
    """Read a model back from its fields."""
    weights = tuple((name, weight) for name, weight in document.get("weights", ()))
    return Model(**{**document, "weights": weights})


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON, private parts included: what the byte-equal replay compares."""
    return {
        "kind": answer.kind,
        "offers": [offer_to_dict(offer) for offer in answer.offers],
        "codes": [reason_to_dict(one) for one in answer.codes],
        "handoff_cause": answer.handoff_cause,
        "audit": answer.audit.to_dict(),
    }

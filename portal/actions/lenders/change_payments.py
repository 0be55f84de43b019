"""A lender says how people pay: which ways in which country, the smallest own amount, its provider's signing secret."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from portal.core.actors import Actor
from portal.core.fx import FxRules, rules_of
from portal.core.payment_methods import METHODS
from portal.store import events, gateway_secrets, lenders
from portal.store.rows import known
from portal.store.work import Transaction, Work

OVERLAP = timedelta(hours=24)
#: How a provider's secrets begin.
SECRET_PREFIX = {"stripe": "whsec_", "qr": ""}


def choose_methods(work: Work, *, country: str, methods: Sequence[str], actor: Actor, now: datetime) -> bool:
    """Choose the ways to pay for people of a country; none chosen means: all that fit. False for an unknown way."""
    if any(name not in METHODS for name in methods):
        return False
    with work.begin() as tx:
        settings = _settings(tx)
        by_country = dict(settings.get("payment_methods") or {})
        by_country.pop(country, None)
        if methods:
            by_country[country] = list(methods)
        lenders.save_settings(
            tx, lender_id=tx.lender_id, settings={**settings, "payment_methods": by_country}
        )
        _tell(tx, actor=actor, now=now, part="payment_methods", country=country.lower(), values=list(methods))
    return True


def set_least_payment(
    work: Work, *, currency: str, least_minor: int | None, actor: Actor, now: datetime
) -> bool:
    """Set the smallest own amount in a currency, in minor units; None takes the house's. False below one unit."""
    if least_minor is not None and least_minor < 1:
        return False
    with work.begin() as tx:
        settings = _settings(tx)
        least = dict(settings.get("payment_least") or {})
        least.pop(currency, None)
        if least_minor is not None:
            least[currency] = least_minor
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={**settings, "payment_least": least})
        _tell(tx, actor=actor, now=now, part="payment_least", values=[currency.lower()])
    return True


def set_fx(work: Work, *, rules: FxRules, actor: Actor, now: datetime) -> bool:
    """Let people pay in other currencies at a price that stands so long; False for what `core/fx` does not know."""
    wished = {**asdict(rules), "currencies": sorted(set(rules.currencies))}
    if asdict(rules_of({"fx": wished})) != {**wished, "currencies": tuple(wished["currencies"])}:
        return False
    with work.begin() as tx:
        settings = _settings(tx)
        kept = {**(settings.get("fx") or {}), **wished}
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={**settings, "fx": kept})
        _tell(tx, actor=actor, now=now, part="fx", values=[code.lower() for code in rules.currencies])
    return True


def keep_gateway_secret(work: Work, *, gateway: str, secret: str, actor: Actor, now: datetime) -> bool:
    """Keep a provider's signing secret, sealed; the one before goes on for a day. False for what is no secret."""
    if gateway not in SECRET_PREFIX or not secret.startswith(SECRET_PREFIX[gateway]):
        return False
    if not 20 <= len(secret) <= 200 or not secret.isascii():
        return False
    with work.begin() as tx:
        gateway_secrets.save_secret(tx, gateway=gateway, secret=secret, previous_until=now + OVERLAP, now=now)
        _tell(tx, actor=actor, now=now, part="gateway_secret", values=[gateway])
    return True


def _settings(tx: Transaction) -> dict[str, Any]:
    """Lock the lender's row and give its settings: two changes at once take turns."""
    lenders.lock_lender(tx)
    return dict(known(lenders.find_lender(tx, lender_id=tx.lender_id)).settings)


def _tell(tx: Transaction, *, actor: Actor, now: datetime, **payload: Any) -> None:
    events.append(tx, type="settings.changed", actor=actor, at=now, payload=payload)

"""What the terms of a new version say of the one before: which it is, and every term before and after."""

import json
from datetime import date
from typing import Any

from portal.actions.amendments.running_plan import load_running
from portal.core.agreements.terms import Rules, as_written
from portal.core.amendments.changes import changes
from portal.core.plans.grammar import Plan
from portal.store import agreements
from portal.store.agreements import Agreement
from portal.store.offers import KeptOffer
from portal.store.work import Transaction

NEW_TERMS = "terms"
"""The reason of a change that is a plan of its own, not the same deal in another shape."""


def amended_of(tx: Transaction, offer: KeptOffer) -> Agreement | None:
    """Find the running agreement that an offer would change; None for a first agreement, or when it runs no more."""
    if offer.amends_id is None:
        return None
    found = agreements.find_agreement(tx, agreement_id=offer.amends_id)
    return found if found is not None and found.state in {"active", "broken"} else None


def amends_part(
    tx: Transaction, before: Agreement, plan: Plan, *, rules: Rules, reason: str | None, today: date
) -> dict[str, Any]:
    """Return the part `amends` of the terms: the version before by its number and hashes, and what changes."""
    signed = json.loads(before.terms_json)
    return {
        "agreement": before.agreement_ref,
        "version": before.version,
        "signed_on": before.signed_at.date().isoformat() if before.signed_at else "",
        "terms_sha256": before.terms_hash,
        "html_sha256": before.html_hash,
        "reason": reason or NEW_TERMS,
        "changes": changes(
            load_running(tx, before, today=today), plan, rules=(signed["rules"], as_written(rules))
        ),
    }

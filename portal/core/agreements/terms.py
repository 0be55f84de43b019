"""The canonical terms of an agreement: what is hashed and signed, as RFC 8785 writes JSON.

Only strings, whole numbers, booleans, lists and objects with ASCII keys occur, so compact JSON with sorted keys is
the RFC's form. Amounts are minor units; rates are strings; dates are ISO 8601.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.bounds.model import Breaks
from portal.core.plans.canonical import canonical_json
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_to_dict

FORMAT = "portal-agreement/1"
TEXTS_VERSION = "2026-11-25"
"""The version of the clause texts (a folder of translations/clauses); a changed sentence is a new version."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountPart:
    """One account that the agreement covers and how its balance is made up, in minor units."""

    account_ref: str
    creditor_ref: str
    brand_name: str
    principal_minor: int
    interest_minor: int
    fees_minor: int
    as_of: date

    def to_dict(self) -> dict[str, Any]:
        """Return the part as it stands in the terms."""
        return {
            "account": self.account_ref,
            "creditor": self.creditor_ref,
            "brand": self.brand_name,
            "principal": self.principal_minor,
            "interest": self.interest_minor,
            "fees": self.fees_minor,
            "balance": self.principal_minor + self.interest_minor + self.fees_minor,
            "as_of": self.as_of.isoformat(),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Parties:
    """Who agrees with whom: the lender by name and slug, the debtor by an opaque reference."""

    lender_slug: str
    lender_name: str
    debtor_ref: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What holds while the plan runs: taken from the bounds and the pack on the day of the offer."""

    grace_days: int
    missed_before_broken: int
    cure_days: int
    moves_per_year: int
    cooling_off_days: int
    jurisdiction_pack: str


def rules_of(*, breaks: Breaks, cooling_off_days: int, jurisdiction_pack: str) -> Rules:
    """Return the rules of an agreement from the lender's `breaks` and the pack."""
    return Rules(
        grace_days=breaks.grace_days,
        missed_before_broken=breaks.missed_before_broken,
        cure_days=breaks.cure_days,
        moves_per_year=breaks.auto_replan.same_value_shift,
        cooling_off_days=cooling_off_days,
        jurisdiction_pack=jurisdiction_pack,
    )


def as_written(rules: Rules) -> dict[str, Any]:
    """Return the rules as they stand in the terms."""
    return {name: getattr(rules, name) for name in Rules.__slots__}


def agreement_terms(
    *,
    agreement_ref: str,
    version: int = 1,
    offer_ref: str,
    parties: Parties,
    accounts: Sequence[AccountPart],
    plan: Plan,
    rules: Rules,
    language: str,
    prepared_on: date,
    reading_code: str = "",
    amends: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the terms that are signed; the checklist is China's card measures art. 70.

    Balance and its structure and currency; cycle, method, dates and each amount; interest and fees during the plan;
    what happens when a payment is missed; the change-of-mind days. `reading_code` is there where the place asks for a
    consent to electronic records that demonstrates access (`records.py`). `amends` is there in a version after the
    first: which one it replaces and what changes, term by term.
    """
    return {
        **({"reading_code": reading_code} if reading_code else {}),
        **({"amends": dict(amends)} if amends else {}),
        "format": FORMAT,
        "agreement": agreement_ref,
        "version": version,
        "offer": offer_ref,
        "lender": {"slug": parties.lender_slug, "name": parties.lender_name},
        "debtor": parties.debtor_ref,
        "accounts": [account.to_dict() for account in accounts],
        "currency": plan.currency,
        "plan": plan_to_dict(plan),
        "rules": as_written(rules),
        "language": language,
        "texts": TEXTS_VERSION,
        "prepared_on": prepared_on.isoformat(),
    }


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def signed_text(terms: Mapping[str, Any]) -> str:
    """Return the canonical JSON of the terms: the bytes that are hashed and kept."""
    return canonical_json(terms)


def signature_digest(*, terms_hash: str, html_hash: str) -> str:
    """Return the one digest that a code by SMS is bound to and the log repeats: over both hashes, in this order."""
    return text_hash(f"{terms_hash}\n{html_hash}")

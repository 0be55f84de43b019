"""A debtor agrees to do this business electronically: asked apart from signing, shown to have access, withdrawable.

Source: 15 USC 7001(c). The consent is its own act with its own event; nothing else is agreed to by it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.agreements.view_agreement import covered_accounts
from portal.core.actors import DEBTOR
from portal.core.agreements.records import has_read
from portal.core.agreements.terms import TEXTS_VERSION, text_hash
from portal.store import agreements, debtors, events
from portal.store.agreements import Agreement
from portal.store.rows import known
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a person was shown and did. `text` is the whole text, `code` what they typed out of the agreement.

    `address` and `device` say from where, as in the signature.
    """

    text: str
    code: str = ""
    address: str = ""
    device: str = ""


@dataclass(frozen=True, kw_only=True)
class Consented:
    """The consent stands; `was_given` tells a repeated request that it stood already."""

    was_given: bool


@dataclass(frozen=True, kw_only=True)
class NotConsented:
    """Nothing was kept. `reason`: unknown, not_open, code_differs."""

    reason: str


def consent_to_records(
    work: Work, *, agreement_ref: str, debtor_id: UUID, consent: Consent, now: datetime
) -> Consented | NotConsented:
    """Keep the consent to electronic records with the text that was shown; a second one changes nothing."""
    with work.begin() as tx:
        found = agreements.find_agreement(tx, agreement_ref=agreement_ref)
        if found is None or found.debtor_id != debtor_id:
            return NotConsented(reason="unknown")
        agreement = known(agreements.lock_agreement(tx, agreement_id=found.agreement_id))
        if agreement.has_record_consent:
            return Consented(was_given=True)
        if agreement.state != "prepared":
            return NotConsented(reason="not_open")
        asked = json.loads(agreement.terms_json).get("reading_code", "")
        if not has_read(asked=asked, typed=consent.code):
            return NotConsented(reason="code_differs")
        _keep(tx, agreement, consent, demonstrated=bool(asked), now=now)
    return Consented(was_given=False)


def _keep(
    tx: Transaction, agreement: Agreement, consent: Consent, *, demonstrated: bool, now: datetime
) -> None:
    digest = text_hash(consent.text)
    entry = {
        "act": "consented",
        "at": now.isoformat(),
        "way": "reading_code" if demonstrated else "tick",
        "text": consent.text,
        "text_digest": digest,
        "texts": TEXTS_VERSION,
        "address": consent.address,
        "device": consent.device[:200],
    }
    agreements.stamp_agreement(
        tx,
        agreement_id=agreement.agreement_id,
        log=[*agreement.signing_log, entry],
        consented_at=now,
        consent_ended_at=None,
    )
    events.append_for_accounts(
        tx,
        accounts=covered_accounts(tx, agreement=agreement),
        type="agreement.consented",
        actor=DEBTOR,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref,
        payload={
            "id": agreement.agreement_ref,
            "consent": "electronic_records",
            "text_digest": digest,
            "version": agreement.version,
            "has_shown_access": demonstrated,
        },
    )

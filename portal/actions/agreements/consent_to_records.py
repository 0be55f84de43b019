"""A debtor agrees to do this business electronically; asked apart from signing, withdrawable (15 USC 7001(c))."""

from datetime import datetime
from uuid import UUID

from portal.actions.agreements.view_agreement import covered_accounts
from portal.core.actors import DEBTOR
from portal.core.agreements.terms import TEXTS_VERSION, text_hash
from portal.store import agreements, debtors, events
from portal.store.agreements import Agreement
from portal.store.rows import known
from portal.store.work import Work


def consent_to_records(
    work: Work, *, agreement_ref: str, debtor_id: UUID, consent_text: str, now: datetime
) -> Agreement | None:
    """Keep the consent to electronic records with the hash of the text that was shown; None when not the debtor's.

    A second consent changes nothing.
    """
    with work.begin() as tx:
        agreement = agreements.find_agreement(tx, agreement_ref=agreement_ref)
        if agreement is None or agreement.debtor_id != debtor_id:
            return None
        if agreement.consented_at is not None or agreement.state != "prepared":
            return agreement
        digest = text_hash(consent_text)
        entry = {"act": "consented", "at": now.isoformat(), "text_digest": digest, "texts": TEXTS_VERSION}
        agreements.stamp_agreement(
            tx, agreement_id=agreement.agreement_id, log=[*agreement.signing_log, entry], consented_at=now
        )
        events.append_for_accounts(
            tx,
            accounts=covered_accounts(tx, agreement=agreement),
            type="agreement.consented",
            actor=DEBTOR,
            at=now,
            debtor_ref=known(debtors.find_debtor(tx, debtor_id=debtor_id)).debtor_ref,
            payload={
                "id": agreement.agreement_ref,
                "consent": "electronic_records",
                "text_digest": digest,
                "version": agreement.version,
            },
        )
        return known(agreements.find_agreement(tx, agreement_ref=agreement_ref))

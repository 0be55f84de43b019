"""A debtor takes the consent to electronic records back: from now on papers come by post, the plan stays as it is."""

from datetime import datetime
from uuid import UUID

from portal.actions.agreements.view_agreement import covered_accounts
from portal.core.actors import DEBTOR
from portal.store import agreements, debtors, events
from portal.store.rows import known
from portal.store.work import Work


def end_record_consent(work: Work, *, debtor_id: UUID, now: datetime) -> int:
    """End every consent to electronic records that a debtor gave and tell the lender who has to send paper.

    Returns the number of agreements that it held for; what was signed before stays signed (15 USC 7001(c)(4)).
    """
    with work.begin() as tx:
        debtor = debtors.lock_debtor(tx, debtor_id=debtor_id)
        held = agreements.list_agreements_of(tx, debtor_id=debtor_id) if debtor else []
        live = [one for one in held if one.has_record_consent]
        for found in live:
            agreement = known(agreements.lock_agreement(tx, agreement_id=found.agreement_id))
            entry = {"act": "consent_ended", "at": now.isoformat()}
            agreements.stamp_agreement(
                tx,
                agreement_id=agreement.agreement_id,
                log=[*agreement.signing_log, entry],
                consent_ended_at=now,
            )
            events.append_for_accounts(
                tx,
                accounts=covered_accounts(tx, agreement=agreement),
                type="agreement.consent_ended",
                actor=DEBTOR,
                at=now,
                debtor_ref=known(debtor).debtor_ref,
                payload={
                    "id": agreement.agreement_ref,
                    "consent": "electronic_records",
                    "version": agreement.version,
                },
            )
        return len(live)

"""A provider tells something: it is kept by its unique id, nothing else; a job acts on it later."""

from datetime import datetime

from portal.core.payment_notices import notice_to_json
from portal.core.payments import Kind, PaymentNotice
from portal.store import inbox, jobs
from portal.store.work import Work


def receive_payment_event(work: Work, *, source: str, notice: PaymentNotice, now: datetime) -> bool:
    """Keep a verified notice and hint a job; False when it was kept before. What changes nothing is not kept."""
    if notice.kind is Kind.IGNORED:
        return False
    with work.begin() as tx:
        is_new = inbox.keep(
            tx, source=source, outside_id=notice.event_id, body=notice_to_json(notice), now=now
        )
        if is_new:
            jobs.defer(tx, "record_payment", queue="payments", source=source, outside_id=notice.event_id)
        return is_new

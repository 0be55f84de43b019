"""Letters and pages add up by month, whoever stores them, and evidence packs do not count."""

import threading
from datetime import date, timedelta

from portal.store import documents, paper_counts
from tests import build


def store(work, debtor_id, kind, now=build.NOW):
    with work.begin() as tx:
        documents.save_document(
            tx, debtor_id=debtor_id, kind=kind, media_type="application/pdf", content=kind.encode(), now=now
        )


def test_papers_add_up_by_month(work):
    debtor_id = build.a_debtor(work)
    for kind in ("agreement", "receipt", "evidence_pack"):
        store(work, debtor_id, kind)
    threads = [threading.Thread(target=store, args=(work, debtor_id, "receipt")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store(work, debtor_id, "receipt", now=build.NOW + timedelta(days=31))
    with work.read() as tx:
        found = paper_counts.list_paper_counts(tx, limit=5)
        assert paper_counts.list_paper_counts(tx, limit=1) == found[:1]
    assert [(one.month, one.letters, one.pages) for one in found] == [
        (date(2027, 1, 1), 1, 1),
        (date(2026, 12, 1), 6, 9),
    ]

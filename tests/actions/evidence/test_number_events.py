import threading
from datetime import timedelta

from portal.actions.evidence.number_events import number_events
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.store import events, leaves
from tests import build


def page(work, after=0):
    with work.read() as tx:
        return leaves.list_leaves(tx, after=after, limit=100)


def tell(tx, number):
    payload = {"id": f"imp_{number}", "rows": number}
    return events.append(tx, type="import.finished", actor=SYSTEM, at=build.NOW, payload=payload)


def test_an_event_that_commits_late_is_not_skipped(work):
    """Its id is the older one, and its place is after what was told before it could be seen."""
    with work.begin() as slow:
        late = tell(slow, 1)
        with work.begin() as quick:
            early = tell(quick, 2)
        assert number_events(work) == 1
        assert [leaf.event_id for leaf in page(work)] == [early]
    assert late < early
    assert number_events(work) == 1
    assert [(leaf.position, leaf.event_id) for leaf in page(work)] == [(1, early), (2, late)]
    assert [leaf.event_id for leaf in page(work, after=1)] == [late]
    assert number_events(work) == 0


def test_events_of_an_account_follow_its_sequence_whatever_their_ids(work, lender, monkeypatch, database):
    debtor_id = build.a_debtor(work)
    build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id, account_ref="AC-1")
    ids = sorted((database.new_id() for _ in range(4)), reverse=True)
    with work.begin() as tx:
        tx.new_id = iter(ids).__next__
        for _ in range(4):
            events.append(
                tx, type="account.released", actor=SYSTEM, at=build.NOW, payload={"cause": "dispute"},
                account_ref="AC-1",
            )  # fmt: skip
    number_events(work)
    assert [leaf.account_sequence for leaf in page(work)] == [1, 2, 3, 4]
    assert [leaf.event_id for leaf in page(work)] == ids


def test_many_numberers_at_once_give_each_event_one_place(work):
    for number in range(5):
        issue_api_key(
            work,
            label=f"key {number}",
            scopes=("events:read",),
            actor=SYSTEM,
            now=build.NOW + timedelta(number),
        )
    threads = [threading.Thread(target=number_events, args=(work,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [leaf.position for leaf in page(work)] == [1, 2, 3, 4, 5]
    with work.read() as tx:
        assert leaves.log_size(tx) == 5

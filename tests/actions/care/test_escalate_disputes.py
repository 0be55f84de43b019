from datetime import timedelta

from portal.actions.care.escalate_disputes import escalate_disputes
from portal.store import accounts, disputes
from tests import build
from tests.actions.care.test_answer_dispute import NOON, answered, disputed

__all__ = ["disputed"]  # the fixture


def test_a_dispute_that_nobody_answered_in_time_goes_to_a_supervisor_once(work, disputed):
    account_id, ref = disputed
    with work.read() as tx:
        due_at = disputes.find_dispute(tx, dispute_ref=ref).answer_due_at
    assert escalate_disputes(work, now=due_at) == 0
    late = due_at + timedelta(seconds=1)
    assert [escalate_disputes(work, now=late) for _ in range(2)] == [1, 0]
    with work.read() as tx:
        assert disputes.find_dispute(tx, dispute_ref=ref).state == "escalated"
        assert [hold.kind for hold in accounts.list_holds(tx, account_id=account_id, now=late)] == ["dispute"]
    (told,) = [row.payload for row in build.events_of(work) if row.type == "dispute.escalated"]
    assert told == {"id": ref, "level": "supervisor", "reason": "late"}
    assert answered(work, ref, now=late).kind == "answered"


def test_an_answered_dispute_is_left_alone(work, disputed):
    answered(work, disputed[1])
    assert escalate_disputes(work, now=NOON + timedelta(days=400)) == 0

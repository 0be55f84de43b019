import secrets
from datetime import timedelta

import pytest

from portal.actions.care.answer_complaint import answer_complaint, review_complaint
from portal.actions.care.open_complaint import open_complaint
from portal.core.actors import staff_actor
from portal.store import complaints
from tests import build

NOON = build.NOW + timedelta(hours=7)
STAFF = staff_actor("stf_1")


@pytest.fixture
def ref(work):
    opened = open_complaint(
        work,
        debtor_id=build.a_debtor(work),
        topic="tone",
        words="The tone hurt",
        language="en",
        token=secrets.token_urlsafe(24),
        now=NOON,
    )
    return opened.ref


def answered(work, ref, *, outcome="upheld", words="We are sorry.", now=NOON):
    return answer_complaint(
        work,
        complaint_ref=ref,
        outcome=outcome,
        words=words,
        actor=STAFF,
        base_url="https://pay.example",
        now=now,
    )


def test_a_complaint_is_taken_up_and_answered(work, ref):
    assert review_complaint(work, complaint_ref=ref, actor=STAFF, now=NOON) == "reviewed"
    assert review_complaint(work, complaint_ref=ref, actor=STAFF, now=NOON) == "same"
    assert answered(work, ref).kind == "answered"
    with work.read() as tx:
        complaint = complaints.find_complaint(tx, complaint_ref=ref)
        assert complaints.load_answer(tx, complaint_id=complaint.complaint_id) == "We are sorry."
    assert complaint.state == "answered"
    told = {row.type: row.payload for row in build.events_of(work)}
    assert told["complaint.reviewed"]["reviewer"] == "stf_1"
    assert told["complaint.answered"] == {"id": ref, "outcome": "upheld", "is_late": False}


def test_one_answer_with_words(work, ref):
    assert answered(work, ref, words="").kind == "words_needed"
    assert answered(work, ref, now=NOON + timedelta(days=60)).is_late
    assert answered(work, ref).kind == "answered_already"
    assert answered(work, "cmp_nobody").kind == "unknown"
    assert review_complaint(work, complaint_ref="cmp_nobody", actor=STAFF, now=NOON) == "unknown"
    with pytest.raises(ValueError, match="an outcome is"):
        answered(work, ref, outcome="perhaps")

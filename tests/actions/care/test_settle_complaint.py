"""The person says whether an answer is good: the loop is closed, or the complaint is open again with a fresh date."""

import secrets
from datetime import timedelta
from uuid import uuid4

import pytest

from portal.actions.care.answer_complaint import answer_complaint
from portal.actions.care.open_complaint import open_complaint
from portal.actions.care.settle_complaint import settle_complaint
from portal.core.actors import staff_actor
from portal.store import complaints


@pytest.fixture
def answered(door):
    ref = open_complaint(
        door.work,
        debtor_id=door.debtor_id,
        topic="tone",
        words="Not kind",
        language="en",
        token=secrets.token_urlsafe(24),
        now=door.now,
    ).ref
    answer(door, ref)
    return ref


def answer(door, ref):
    return answer_complaint(
        door.work, complaint_ref=ref, outcome="upheld", words="Sorry", actor=staff_actor("stf_1"),
        base_url="https://pay.example", now=door.now,
    )  # fmt: skip


def say(door, ref, *, is_content, debtor_id=None):
    return settle_complaint(
        door.work,
        complaint_ref=ref,
        debtor_id=debtor_id or door.debtor_id,
        is_content=is_content,
        now=door.now,
    )


def of(door, ref):
    with door.work.read() as tx:
        return complaints.find_complaint(tx, complaint_ref=ref)


def test_a_good_answer_closes_it_once(door, answered):
    assert say(door, answered, is_content=True) == "closed"
    assert say(door, answered, is_content=False) == "same"
    assert door.told("complaint.closed") == [{"id": answered, "outcome": "content"}]


def test_an_answer_that_settles_nothing_opens_it_again_with_a_fresh_date(door, answered):
    due = of(door, answered).answer_due_at
    door.wait(days=3)
    assert say(door, answered, is_content=False) == "reopened"
    assert of(door, answered).state == "open"
    assert of(door, answered).answer_due_at == due + timedelta(days=3)
    assert door.told("complaint.reopened") == [{"id": answered, "reason": "not_satisfied"}]
    assert answer(door, answered).kind == "answered"


def test_nobody_settles_what_is_not_theirs(door, answered):
    assert say(door, answered, is_content=True, debtor_id=uuid4()) == "not_found"
    assert say(door, "cmp_none", is_content=True) == "not_found"

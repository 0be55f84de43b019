import secrets
from datetime import timedelta

import pytest

from portal.actions.care.open_complaint import open_complaint
from portal.store import complaints
from tests import build


def complain(door, *, token=None, debtor_id=None):
    return open_complaint(
        door.work,
        debtor_id=debtor_id or door.debtor_id,
        topic="tone",
        words="He shouted",
        language="en",
        token=token or secrets.token_urlsafe(24),
        now=door.now,
    )


def test_a_reference_and_a_date_at_once(door):
    outcome = complain(door)
    assert outcome.kind == "opened"
    assert outcome.answer_due_at == door.now + timedelta(days=30)
    with door.work.read() as tx:
        kept = complaints.find_complaint(tx, complaint_ref=outcome.ref)
        assert complaints.load_words(tx, complaint_id=kept.complaint_id) == "He shouted"
    assert door.told("complaint.opened")[0]["topic"] == "tone"
    assert "shouted" not in str(build.events_of(door.work))


def test_the_same_form_twice_is_one(door):
    token = secrets.token_urlsafe(24)
    first, again = complain(door, token=token), complain(door, token=token)
    assert (again.kind, again.ref) == ("there_already", first.ref)
    assert complain(door).kind == "opened"


def test_nobody(door):
    with pytest.raises(LookupError):
        complain(door, debtor_id=door.account_id)

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.actions.endpoints.warn_endpoint import warn_endpoint
from portal.store import endpoints, staff
from tests.jobs.bench import an_endpoint


class Mailbox:
    def __init__(self):
        self.letters = []

    def send(self, *, to, subject, text):
        self.letters.append((to, text))


@pytest.fixture
def owners(work, now):
    with work.begin() as tx:
        for name, roles in (("ann", ["owner"]), ("bea", ["agent"]), ("cai", ["owner", "rules"])):
            staff.save_staff(
                tx,
                email=f"{name}-{uuid4()}@lender.test",
                full_name=name,
                roles=roles,
                password_hash="x",
                totp_secret=None,
                now=now,
            )


def warn(work, now, endpoint_id):
    mailbox = Mailbox()
    sent = warn_endpoint(
        work, endpoint_id=endpoint_id, mail=mailbox, base_url="https://help.lender.test", now=now
    )
    return sent, mailbox.letters


def test_the_owners_are_told_which_endpoint_and_since_when(work, now, owners):
    endpoint_id = an_endpoint(work, "https://hooks.acme.com/in")
    with work.begin() as tx:
        since = now - timedelta(minutes=36)
        endpoints.record_failure(
            tx, endpoint_id=endpoint_id, failing_since=since, failures=4, slow_until=None
        )
    sent, letters = warn(work, now, endpoint_id)
    assert sent == 2
    assert sorted(to[:3] for to, _ in letters) == ["ann", "cai"]
    assert "https://hooks.acme.com/in" in letters[0][1]
    assert "2026-12-01T08:54:00.000Z" in letters[0][1]
    assert f"https://help.lender.test/lender/endpoints/{endpoint_id}" in letters[0][1]


def test_nobody_is_told_when_it_works_again(work, now, owners):
    assert warn(work, now, an_endpoint(work, "https://hooks.acme.com/in")) == (0, [])
    assert warn(work, now, uuid4()) == (0, [])

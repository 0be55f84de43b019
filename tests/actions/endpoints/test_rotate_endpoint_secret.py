from datetime import timedelta
from uuid import uuid4

from portal.actions.endpoints.rotate_endpoint_secret import OVERLAP_MAX, rotate_endpoint_secret
from portal.core.actors import LENDER_API
from portal.store import endpoints
from tests.jobs.bench import SECRET, an_endpoint


def secrets_at(work, at):
    with work.read() as tx:
        (receiver,) = endpoints.list_receivers(tx, now=at)
        return receiver.secrets


def test_both_secrets_sign_until_the_overlap_ends(work, now):
    endpoint_id = an_endpoint(work, "https://hooks.acme.com/")
    rotated = rotate_endpoint_secret(work, endpoint_id=endpoint_id, actor=LENDER_API, now=now)
    assert rotated.old_until == now + timedelta(hours=24)
    assert secrets_at(work, now + timedelta(hours=23, minutes=59)) == (rotated.secret, SECRET)
    assert secrets_at(work, now + timedelta(hours=24)) == (rotated.secret,)
    again = rotate_endpoint_secret(work, endpoint_id=endpoint_id, actor=LENDER_API, now=now)
    assert secrets_at(work, now) == (again.secret, rotated.secret)


def test_a_leaked_secret_ends_at_once_and_none_lives_on_for_long(work, now):
    endpoint_id = an_endpoint(work, "https://hooks.acme.com/")
    leaked = {"endpoint_id": endpoint_id, "actor": LENDER_API, "now": now}
    rotated = rotate_endpoint_secret(work, **leaked, overlap=timedelta(0))
    assert secrets_at(work, now) == (rotated.secret,)
    assert rotate_endpoint_secret(work, **leaked, overlap=timedelta(days=99)).old_until == now + OVERLAP_MAX


def test_an_unknown_endpoint_is_told(work, now):
    unknown = rotate_endpoint_secret(work, endpoint_id=uuid4(), actor=LENDER_API, now=now)
    assert (unknown.kind, unknown.secret) == ("unknown", None)

import pytest

from portal.actions.endpoints.save_endpoint import ENDPOINTS_MAX, save_endpoint
from portal.core.actors import staff_actor
from portal.gateways.address_guard import AddressGuard
from portal.store import endpoints
from tests.jobs.bench import an_endpoint, log_of

STAFF = staff_actor("stf_1")
GUARD = AddressGuard(resolve=lambda host, _: {"rebind.acme.com": ["10.0.0.1"]}.get(host, ["93.184.216.34"]))


def save(work, now, **changes):
    plain = {
        "guard": GUARD,
        "url": "https://hooks.acme.com/in",
        "patterns": ["payment.*"],
        "actor": STAFF,
        "now": now,
    }
    return save_endpoint(work, **plain | changes)


def test_an_endpoint_is_made_and_its_secret_given_once(work, now):
    listener = an_endpoint(work, "https://other.acme.com/", patterns=["endpoint.*"])
    made = save(work, now, has_ed25519=True)
    assert made.kind == "saved"
    assert made.secret.startswith("whsec_")
    assert made.public_key.startswith("whpk_")
    with work.read() as tx:
        found = endpoints.find_endpoint(tx, made.endpoint_id)
        (receiver,) = [
            one for one in endpoints.list_receivers(tx, now=now) if one.endpoint_id == made.endpoint_id
        ]
    assert (found.url, found.patterns, found.state) == ("https://hooks.acme.com/in", ("payment.*",), "active")
    assert receiver.secrets == (made.secret,)
    assert [line.event_type for line in log_of(work, listener)] == ["endpoint.changed"]


def test_a_change_keeps_the_secret_and_tells_what_changed(work, now):
    made = save(work, now)
    listener = an_endpoint(work, "https://other.acme.com/", patterns=["endpoint.*"])
    again = save(work, now, endpoint_id=made.endpoint_id, patterns=["*"], is_ordered=False, has_ed25519=True)
    assert (again.kind, again.secret) == ("saved", None)
    assert again.public_key.startswith("whpk_")
    same = save(work, now, endpoint_id=made.endpoint_id, patterns=["*"], is_ordered=False, has_ed25519=True)
    assert same.public_key == again.public_key
    assert len(log_of(work, listener)) == 1, "what changes nothing tells nothing"
    without = save(work, now, endpoint_id=made.endpoint_id, patterns=["*"], is_ordered=False)
    assert without.public_key is None
    with work.read() as tx:
        (receiver,) = [
            one for one in endpoints.list_receivers(tx, now=now) if one.endpoint_id == made.endpoint_id
        ]
    assert receiver.secrets == (made.secret,)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://hooks.acme.com/", "scheme"),
        ("https://127.0.0.1/", "inside"),
        ("https://rebind.acme.com/", "inside"),
        ("https://me:pw@hooks.acme.com/", "credentials"),
        ("https://hooks.acme.com:22/", "port"),
    ],
)
def test_an_address_inside_is_refused_at_save(work, now, url, reason):
    assert (save(work, now, url=url).kind, save(work, now, url=url).reason) == ("bad_address", reason)
    with work.read() as tx:
        assert endpoints.list_endpoints(tx) == []


def test_patterns_that_ask_for_nothing_are_refused(work, now):
    refused = save(work, now, patterns=["plan.guessed"])
    assert refused.kind == "bad_patterns"
    assert "plan.guessed" in refused.reason


def test_another_lender_s_endpoint_is_unknown(work, database, now):
    from tests import build

    made = save(work, now)
    other = database.work(build.a_lender(database).lender_id)
    assert save(other, now, endpoint_id=made.endpoint_id).kind == "unknown"


def test_there_is_a_limit(work, now):
    for _ in range(ENDPOINTS_MAX):
        an_endpoint(work, "https://hooks.acme.com/", patterns=["key.*"])
    assert save(work, now).kind == "too_many"

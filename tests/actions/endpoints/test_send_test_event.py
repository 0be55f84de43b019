from uuid import uuid4

from portal.actions.endpoints.send_test_event import send_test_event
from portal.core.actors import staff_actor
from portal.core.events.envelope import write_event_id
from tests.gateways.receivers import honest_receiver
from tests.jobs.bench import SECRET, a_loop, an_endpoint, ids

STAFF = staff_actor("stf_1")


def test_a_test_event_arrives_whatever_the_endpoint_subscribes_to(work, database, clock, now):
    with honest_receiver(SECRET) as receiver, a_loop(database, clock, receiver.host) as loop:
        told = []
        for patterns in (["payment.*"], ["endpoint.tested"]):
            endpoint_id = an_endpoint(work, receiver.url, patterns=patterns)
            told.append(send_test_event(work, endpoint_id=endpoint_id, actor=STAFF, now=now))
        loop.run_until_idle()
        assert sorted(ids(receiver)) == sorted(write_event_id(one) for one in told)
        assert receiver.got[0][1]["type"] == "endpoint.tested"


def test_an_unknown_endpoint_is_told(work, now):
    assert send_test_event(work, endpoint_id=uuid4(), actor=STAFF, now=now) is None

from uuid import uuid4

from portal.actions.endpoints.switch_endpoint import switch_endpoint
from portal.core.actors import staff_actor
from tests.gateways.receivers import honest_receiver
from tests.jobs.bench import SECRET, a_loop, an_account, an_endpoint, endpoint, numbers, tell

STAFF = staff_actor("stf_1")


def test_what_waits_goes_out_when_it_is_on_again(work, database, lender, clock, now):
    with honest_receiver(SECRET) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url)
        account_ref = an_account(work, lender)
        turn = {"endpoint_id": endpoint_id, "actor": STAFF, "now": now}
        assert switch_endpoint(work, **turn, is_on=False) == "switched"
        assert switch_endpoint(work, **turn, is_on=False) == "same"
        assert endpoint(work, endpoint_id).disabled_reason == "staff"
        tell(work, account_ref)
        loop.run_until_idle()
        assert receiver.got == []
        assert switch_endpoint(work, **turn, is_on=True) == "switched"
        assert switch_endpoint(work, **turn, is_on=True) == "same"
        loop.run_until_idle()
        assert len(numbers(receiver, account_ref)) == 1
        assert [event["type"] for _, event in receiver.got if event["type"].startswith("endpoint.")] == [
            "endpoint.disabled",
            "endpoint.changed",
        ]


def test_an_unknown_endpoint_is_told(work, now):
    assert switch_endpoint(work, endpoint_id=uuid4(), is_on=True, actor=STAFF, now=now) == "unknown"

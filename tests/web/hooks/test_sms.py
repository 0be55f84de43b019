import json

import pytest

from portal.gateways.sms import HttpSmsGateway
from portal.web.app import create_app
from portal.web.context import Services
from tests.actions.door import Door

KEY = {"Authorization": "Bearer our-key"}


@pytest.fixture
def door(work, lender):
    return Door(work=work, creditor_id=lender.creditor_id, person={"phone": "+12015558822"})


@pytest.fixture
def carrier(settings, database, clock):
    gateway = HttpSmsGateway(url="http://127.0.0.1:9/sms", key="our-key")
    app = create_app(Services(settings=settings, database=database, clock=clock, sms=gateway))
    app.testing = True
    client = app.test_client()

    def post(body, headers=KEY):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post("/hooks/sms", data=data, headers=headers).status_code

    yield post
    gateway.close()


def receipt(key, status="delivered"):
    return {
        "type": "receipt",
        "message_id": key,
        "id": "x-1",
        "status": status,
        "at": "2026-12-01T16:31:00+00:00",
    }


def test_a_receipt_finds_its_message(door, carrier):
    sent = door.send()
    assert carrier(receipt(door.sms.sent[0][2])) == 204
    assert door.message(sent.message_id).state == "delivered"
    assert carrier(receipt(door.sms.sent[0][2])) == 204


def test_stop_by_answer(door, carrier):
    door.send()
    reply = {
        "type": "reply",
        "id": "r1",
        "from": "+12015558822",
        "text": "หยุด",
        "at": "2026-12-01T16:31:00+00:00",
    }
    assert carrier(reply) == 204
    assert door.debtor().messages_stopped_at is not None


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer other"}])
def test_a_stranger_is_refused(door, carrier, headers):
    sent = door.send()
    assert carrier(receipt(door.sms.sent[0][2]), headers) == 400
    assert door.message(sent.message_id).state == "sent"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"type":"receipt"}', receipt("1"), receipt("x.msg_1"), receipt("99999999.msg_" + "a" * 32),
     receipt("1.msg_" + "z" * 32)],
)  # fmt: skip
def test_what_it_cannot_mean_is_refused(carrier, body):
    assert carrier(body) == 400


def test_without_a_carrier_there_is_no_door(app):
    assert app.test_client().post("/hooks/sms", data=b"{}").status_code == 404

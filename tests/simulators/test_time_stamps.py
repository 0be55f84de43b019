"""The authority on the wire: what it refuses, and with which of RFC 3161's words."""

import pytest
from asn1crypto import tsp

from portal.simulators.time_stamps.app import QUERY, REPLY, TimeStamps
from portal.simulators.time_stamps.authority import make_authority
from portal.simulators.time_stamps.tokens import POLICY, Rejection


@pytest.fixture(scope="module")
def client():
    return TimeStamps(make_authority(), clock=lambda: 1_796_117_400.7).app.test_client()


def a_query(*, algorithm="sha256", digest=b"d" * 32, **more):
    imprint = {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest}
    return tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True, **more}).dump()


def ask(client, body, read=tsp.TimeStampResp):
    answered = client.post("/", data=body, content_type=QUERY)
    assert (answered.status_code, answered.content_type) == (200, REPLY)
    return read.load(answered.data, strict=True)


def info_of(answer):
    return answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


@pytest.mark.parametrize(("algorithm", "size"), [("sha256", 32), ("sha384", 48), ("sha512", 64)])
def test_a_stamp_repeats_imprint_and_nonce_and_tells_the_time(client, algorithm, size):
    answer = ask(client, a_query(algorithm=algorithm, digest=b"d" * size, nonce=4711, req_policy=POLICY))
    assert answer["status"]["status"].native == "granted"
    info = info_of(answer)
    assert info["message_imprint"]["hashed_message"].native == b"d" * size
    assert info["nonce"].native == 4711
    assert info["gen_time"].native.timestamp() == 1_796_117_400


def test_serial_numbers_are_never_the_same(client):
    assert len({info_of(ask(client, a_query()))["serial_number"].native for _ in range(20)}) == 20


def test_certificates_travel_along_only_when_asked_for(client):
    assert len(ask(client, a_query())["time_stamp_token"]["content"]["certificates"]) == 2
    plain = ask(client, a_query(cert_req=False))
    assert plain["time_stamp_token"]["content"]["certificates"].native is None


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (b"", "bad_data_format"),
        (b"nonsense", "bad_data_format"),
        (a_query() + b"tail", "bad_data_format"),
        (a_query()[:-4], "bad_data_format"),
        (a_query(algorithm="sha1", digest=b"d" * 20), "bad_alg"),
        (a_query(digest=b"d" * 31), "bad_data_format"),
        (a_query(req_policy="1.2.3.4"), "unaccepted_policy"),
    ],
)
def test_a_bad_query_is_rejected_with_its_reason(client, body, failure):
    answer = ask(client, body, read=Rejection)
    assert answer["status"]["status"].native == "rejection"
    assert failure in answer["status"]["fail_info"].native


def test_only_its_own_media_type_is_taken(client):
    assert client.post("/", data=b"x", content_type="text/plain").status_code == 415
    assert b"BEGIN CERTIFICATE" in client.get("/root.pem").data

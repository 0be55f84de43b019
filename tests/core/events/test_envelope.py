import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import EventError
from portal.core.events.envelope import (
    BODY_BYTES_MAX,
    build_envelope,
    encode,
    read_event_id,
    write_body,
    write_event_id,
    write_time,
)

AT = datetime(2026, 12, 1, 9, 30, 0, 123_456, tzinfo=UTC)


def test_the_envelope_is_the_contract_s_example():
    envelope = build_envelope(
        type="agreement.signed",
        occurred_at=AT,
        lender="acme",
        actor={"kind": "debtor"},
        payload={"id": "agr_1"},
        creditor="acme-cards",
        account="AC-10029",
        debtor="dbt_7",
        sequence=14,
    )
    assert json.loads(encode(envelope)) == {
        "type": "agreement.signed",
        "timestamp": "2026-12-01T09:30:00.123Z",
        "data": {
            "lender": "acme",
            "creditor": "acme-cards",
            "account": "AC-10029",
            "debtor": "dbt_7",
            "sequence": 14,
            "actor": {"kind": "debtor"},
            "agreement": {"id": "agr_1"},
        },
    }


def test_what_does_not_apply_is_left_out():
    envelope = build_envelope(
        type="bounds.published",
        occurred_at=AT,
        lender="acme",
        actor={"kind": "staff"},
        payload={"version": 4},
    )
    assert list(envelope["data"]) == ["lender", "actor", "bounds"]


def test_an_account_s_payload_does_not_stand_on_the_account_s_reference():
    envelope = build_envelope(
        type="account.held",
        occurred_at=AT,
        lender="acme",
        actor={"kind": "staff"},
        payload={"cause": "dispute"},
        account="AC-1",
        sequence=1,
    )
    assert envelope["data"]["account"] == "AC-1"
    assert envelope["data"]["hold"] == {"cause": "dispute"}


def test_a_body_above_the_limit_is_refused():
    fits = {"type": "x", "data": "y" * (BODY_BYTES_MAX - 22)}
    assert len(encode(fits)) == BODY_BYTES_MAX
    with pytest.raises(EventError, match="20001 bytes"):
        encode({"type": "x", "data": "y" * (BODY_BYTES_MAX - 21)})


def test_times_are_told_in_utc():
    assert write_time(AT.astimezone(timezone(timedelta(hours=7)))) == "2026-12-01T09:30:00.123Z"
    with pytest.raises(EventError, match="without a zone"):
        write_time(AT.replace(tzinfo=None))


def test_event_ids_are_read_back():
    event_id = UUID("01978c6e-4b1a-7c3d-9e2f-0123456789ab")
    assert write_event_id(event_id) == "evt_01978c6e-4b1a-7c3d-9e2f-0123456789ab"
    assert read_event_id(write_event_id(event_id)) == event_id
    assert read_event_id(event_id.hex) == event_id
    with pytest.raises(EventError, match="is not an event's id"):
        read_event_id("evt_1")


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.none() | st.integers(1, 10**9),
    st.dictionaries(TEXTS, VALUES, max_size=4),
    st.sampled_from([None, (",", ":")]),
)
def test_a_body_from_texts_says_what_one_from_values_says(account, creditor, sequence, payload, separators):
    plain = {
        "type": "agreement.signed",
        "occurred_at": AT,
        "lender": 'ac"me',
        "creditor": creditor,
        "account": account,
        "debtor": None,
        "sequence": sequence,
    }
    actor = {"kind": "debtor"}
    body = write_body(
        **plain,
        actor=json.dumps(actor),
        payload=json.dumps(payload, ensure_ascii=False, separators=separators),
    )
    known = encode(build_envelope(**plain, actor=actor, payload=payload))
    assert json.loads(body) == json.loads(known)
    assert list(json.loads(body)["data"]) == list(json.loads(known)["data"])


def test_a_body_at_the_limit_goes_out_without_spaces_and_one_above_does_not_go():
    def body(count):
        payload = {"parts": ["x"] * count}
        plain = {"type": "agreement.signed", "occurred_at": AT, "lender": "acme"}
        return write_body(**plain, actor='{"kind": "system"}', payload=json.dumps(payload))

    assert b'"x", "x"' in body(3_000)
    tight = body(4_900)
    assert b'"x","x"' in tight
    assert len(tight) <= BODY_BYTES_MAX
    with pytest.raises(EventError, match="bytes"):
        body(5_000)

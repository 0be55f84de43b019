"""A leaf is canonical JSON, holds no field in clear, and any single field can be shown without the others."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import EvidenceError
from portal.core.events.envelope import write_event_id
from portal.core.evidence.leaf import (
    LoggedEvent,
    disclose,
    field_digest,
    read_leaf,
    write_exact_time,
    write_leaf,
)

SALT = bytes(range(32))
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), inner)
    ),
    max_leaves=8,
)


def an_event(**changes):
    plain = {
        "event_id": UUID("01936f2e-0000-7000-8000-000000000001"),
        "type": "payment.succeeded",
        "occurred_at": AT,
        "actor": {"kind": "debtor"},
        "payload": {"id": "pay_1", "amount": {"minor": 5_000, "currency": "USD"}},
        "account_ref": "AC-10029",
        "account_sequence": 7,
        "creditor_ref": "tamarind",
        "debtor_ref": "dbt_7",
    }
    return LoggedEvent(**plain | changes)


def test_an_outsider_recomputes_the_digest_of_a_field():
    """By the recipe of docs/evidence.md and the standard library alone."""
    digests = json.loads(write_leaf(an_event(), SALT))["digests"]
    salt = hmac.new(SALT, b"payload.amount", hashlib.sha256).digest()
    wanted = hashlib.sha256(salt + b'{"currency":"USD","minor":5000}').hexdigest()
    assert digests["payload.amount"] == wanted
    assert sorted(digests) == [
        "account", "actor", "creditor", "debtor", "payload.amount", "payload.id", "sequence",
    ]  # fmt: skip


def test_nothing_about_anybody_stands_in_clear():
    text = write_leaf(an_event(), SALT)
    for word in ("AC-10029", "tamarind", "dbt_7", "5000", "pay_1", 'debtor":{'):
        assert word not in text
    read = read_leaf(text)
    assert (read.type, read.event) == ("payment.succeeded", "evt_01936f2e-0000-7000-8000-000000000001")
    assert read.at == "2026-12-01T09:30:00.000000Z"


def test_equal_fields_of_two_events_look_different():
    one, other = (json.loads(write_leaf(an_event(), salt))["digests"] for salt in (SALT, SALT[::-1]))
    assert all(one[name] != other[name] for name in one)


@given(
    st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), VALUES, max_size=6),
    st.binary(min_size=32, max_size=32),
)
def test_a_leaf_is_rfc_8785_and_discloses_what_was_sealed(payload, salt):
    event = an_event(payload=payload, account_ref=None)
    text = write_leaf(event, salt)
    assert rfc8785.dumps(json.loads(text)) == text.encode()
    digests, shown = read_leaf(text).digests, disclose(event, salt)
    assert set(digests) == set(shown)
    for name, one in shown.items():
        assert field_digest(salt=bytes.fromhex(one.salt), value=one.value) == digests[name]
        assert rfc8785.dumps(json.loads(one.value)) == one.value.encode()


def test_the_zone_of_a_time_makes_no_difference():
    elsewhere = AT.astimezone(timezone(timedelta(hours=7)))
    assert write_leaf(an_event(occurred_at=elsewhere), SALT) == write_leaf(an_event(), SALT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        "[" * 100_000,
        '{"at":1,"digests":{},"event":"e","format":"other/1","type":"t"}',
    ],
)
def test_what_is_no_leaf_is_refused(text):
    with pytest.raises(EvidenceError):
        read_leaf(text)


def test_a_leaf_written_in_another_way_is_refused():
    with pytest.raises(EvidenceError, match="not written"):
        read_leaf(write_leaf(an_event(), SALT).replace('","', '", "', 1))


@given(
    payload=st.dictionaries(st.text(max_size=12), st.one_of(st.integers(), st.text(max_size=20)), max_size=5),
    type_=st.text(min_size=1, max_size=20),
    salt=st.binary(max_size=90),
)
def test_a_leaf_is_the_canonical_json_of_what_the_recipe_says(payload, type_, salt):
    event = an_event(payload=payload, type=type_)
    digests = {
        name: hashlib.sha256(hmac.digest(salt, name.encode(), "sha256") + value.encode()).hexdigest()
        for name, value in event.fields().items()
    }
    wanted = {
        "at": write_exact_time(event.occurred_at),
        "digests": digests,
        "event": write_event_id(event.event_id),
        "format": "portal-leaf/1",
        "type": type_,
    }
    assert write_leaf(event, salt) == json.dumps(
        wanted, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import actors
from portal.core.errors import EventError
from portal.core.events import catalog
from portal.core.events.catalog import CATALOG, check_actor, check_subject, validate
from portal.core.events.schema import KEYWORDS, list_faults
from portal.core.events.shapes import ACTOR_KINDS, SCOPES

#: What nothing in the product causes: docs/decisions/events-taken-out.md.
TAKEN_OUT = {
    "bureau.reported",
    "case.level_changed",
    "pack.confirmed",
    "referral.made",
    "training.rebooked",
}
CONTRACT = Path(__file__).resolve().parents[4] / "shared" / "design" / "CONTRACT.md"


def test_knows_every_type_of_the_contract():
    if not CONTRACT.exists():
        pytest.skip("the contract is not on this machine")
    text = CONTRACT.read_text()
    part = text[text.index("Catalogue, at least:") : text.index("(`bounds.published` is")]
    names = set(re.findall(r"\b[a-z]+\.[a-z_]+\b", part))
    assert len(names) > 90
    assert names - TAKEN_OUT <= set(CATALOG)
    assert not TAKEN_OUT & set(CATALOG)


@pytest.mark.parametrize("kind", CATALOG.values(), ids=lambda kind: kind.name)
def test_each_type_is_whole(kind):
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", kind.name)
    assert kind.meaning.endswith(".")
    assert kind.meaning.count(". ") == 0
    assert kind.version >= 1
    assert kind.scope in SCOPES
    assert set(kind.actors) <= set(ACTOR_KINDS)
    assert kind.actors
    assert kind.key not in {"lender", "creditor", "account", "debtor", "sequence", "actor"}
    validate(kind.name, kind.example)
    jsonschema.Draft202012Validator.check_schema(kind.schema)
    jsonschema.validate(kind.example, kind.schema)


def _schemas(part):
    yield part
    for below in part.get("properties", {}).values():
        yield from _schemas(below)
    if "items" in part:
        yield from _schemas(part["items"])


@pytest.mark.parametrize("kind", CATALOG.values(), ids=lambda kind: kind.name)
def test_no_field_can_hold_free_text(kind):
    for part in _schemas(kind.schema):
        assert set(part) <= KEYWORDS
        if part["type"] == "string":
            assert "enum" in part or "pattern" in part
        if part["type"] == "array":
            assert part["maxItems"] <= 120
    words = set(re.findall(r"[a-z0-9]+", json.dumps(kind.schema["properties"])))
    assert not words & {
        "phone",
        "email_address",
        "birth",
        "health",
        "illness",
        "diagnosis",
        "comment",
        "note",
    }


def test_every_actor_of_the_house_is_known():
    kinds = {actors.DEBTOR.kind, actors.SYSTEM.kind, actors.LENDER_API.kind}
    kinds |= {make("x").kind for make in (actors.staff_actor, actors.counselor_actor, actors.provider_actor)}
    assert kinds == set(ACTOR_KINDS)


@pytest.mark.parametrize(
    ("type_", "payload", "fault"),
    [
        ("plan.guessed", {}, "not in the catalog"),
        ("agreement.signed", {}, "payload.id is missing"),
        (
            "agreement.signed",
            {"id": "agr_1", "full_name": "Maria"},
            "payload.full_name is not in the catalog",
        ),
        ("agreement.signed", {"id": 7}, "payload.id is int, not string"),
        ("agreement.signed", {"id": "two words"}, "does not look like"),
        (
            "account.balance_changed",
            {"before": {"minor": 1.5, "currency": "THB"}},
            "minor is float, not integer",
        ),
        (
            "account.balance_changed",
            {"before": {"minor": True, "currency": "THB"}},
            "minor is bool, not integer",
        ),
        ("plan.simulated", {"moves": -1}, "below 0"),
        ("grant.revoked", {"id": "g", "reason": "whim"}, "none of debtor, date"),
        ("endpoint.changed", {"id": "e", "changed": ["url"] * 9}, "9 members, more than 8"),
        ("case.handed_off", {"id": "c", "reason": "x", "codes": ["fine", ""]}, r"codes\[1\] does not look"),
    ],
)
def test_a_payload_that_does_not_fit_is_refused_by_its_path(type_, payload, fault):
    with pytest.raises(EventError, match=fault):
        validate(type_, payload)


def test_a_payload_that_weighs_too_much_is_refused(monkeypatch):
    heavy = {"id": "g", "scopes": ["s" * 80] * 12, "accounts": ["a" * 80] * 50}
    validate("grant.given", heavy)
    monkeypatch.setattr(catalog, "PAYLOAD_BYTES_MAX", 4_000)
    with pytest.raises(EventError, match="more than 4000"):
        validate("grant.given", heavy)


@pytest.mark.parametrize(
    ("type_", "account", "debtor", "fits"),
    [
        ("payment.succeeded", "AC-1", "dbt_1", True),
        ("payment.succeeded", None, "dbt_1", False),
        ("bounds.published", None, None, True),
        ("bounds.published", "AC-1", None, False),
        ("grant.given", None, "dbt_1", True),
        ("grant.given", None, None, False),
        ("link.sent", None, "dbt_1", True),
        ("link.sent", "AC-1", "dbt_1", True),
    ],
)
def test_an_event_belongs_where_its_type_belongs(type_, account, debtor, fits):
    if fits:
        check_subject(type_, account_ref=account, debtor_ref=debtor)
        return
    with pytest.raises(EventError, match="belongs to"):
        check_subject(type_, account_ref=account, debtor_ref=debtor)


def test_only_the_debtor_signs():
    check_actor("agreement.signed", "debtor")
    for kind in set(ACTOR_KINDS) - {"debtor"}:
        with pytest.raises(EventError, match="not caused by"):
            check_actor("agreement.signed", kind)


ODD_VALUES = (
    None, True, False, -1, 0, 7, 10**20, 1.5, "", " ", "two words", "x" * 81, "2026-12-01", "2026-13-01", "THB",
    "9" * 64, "0.5", "\x00", "ไทย", [], {}, [1], ["x"] * 121, {"minor": 1}, {"minor": 1, "currency": "THB"},
    {"minor": "1", "currency": "THB"}, {"minor": 1, "currency": "thb"}, {"family": "installment"},
)  # fmt: skip


@given(data=st.data())
def test_the_own_check_agrees_with_the_public_library(data):
    """The house reads its own schemas; on writers' closed terms it must say what `jsonschema` says."""
    kind = data.draw(st.sampled_from(list(CATALOG.values())))
    payload = dict(kind.example)
    name = data.draw(st.sampled_from(list(payload)))
    if data.draw(st.booleans()):
        payload[name] = data.draw(st.sampled_from(ODD_VALUES))
    else:
        del payload[name]
    ours = not list_faults(schema=kind.schema, value=payload)
    theirs = jsonschema.Draft202012Validator(_closed(kind.schema)).is_valid(payload)
    assert ours == theirs


def _closed(part):
    fresh = dict(part)
    if part["type"] == "object":
        fresh["properties"] = {name: _closed(below) for name, below in part["properties"].items()}
        fresh["additionalProperties"] = False
    if part["type"] == "array":
        fresh["items"] = _closed(part["items"])
    return fresh

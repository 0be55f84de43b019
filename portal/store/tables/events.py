from sqlalchemy import Boolean, Column, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY

from portal.store.tables.base import at, belongs_to, document, index, key, sealed, state, tenant_table, text

events = tenant_table(
    "events",
    key("id"),
    text("account_ref", required=False),
    Column("account_sequence", Integer, nullable=True),
    text("type"),
    text("creditor_ref", required=False),
    text("debtor_ref", required=False),
    document("actor"),
    at("occurred_at"),
    document("payload"),
    index(
        "events", "account_ref", "account_sequence", unique=True, postgresql_where="account_ref IS NOT NULL"
    ),
    index("events", "debtor_ref", "id"),
    index("events", "occurred_at"),
)

endpoints = tenant_table(
    "endpoints",
    key("endpoint_id"),
    text("url"),
    Column("patterns", ARRAY(Text), nullable=False),
    sealed("secret", required=True),
    sealed("previous_secret"),
    at("previous_until", required=False),
    sealed("ed25519_key"),
    Column("is_ordered", Boolean, nullable=False),
    *state("endpoints", "endpoint"),
    text("disabled_reason", required=False),
    at("failing_since", required=False),
    at("slow_until", required=False),
    Column("failures", Integer, nullable=False),
    at("warned_at", required=False),
    at("created_at"),
)

deliveries = tenant_table(
    "deliveries",
    key("endpoint_id"),
    key("event_id"),
    text("account_ref", required=False),
    Column("account_sequence", Integer, nullable=True),
    Column("event_type", Text, nullable=False),
    *state("deliveries", "delivery"),
    Column("attempts", Integer, nullable=False),
    at("due_at"),
    at("claimed_until", required=False),
    at("delivered_at", required=False),
    at("created_at"),
    belongs_to("deliveries", "endpoint_id", "endpoints"),
    belongs_to("deliveries", "event_id", "events", "id"),
    index("deliveries", "endpoint_id", "due_at", "event_id", postgresql_where="state = 'due'"),
    index("deliveries", "claimed_until", postgresql_where="state = 'sending'"),
    index(
        "deliveries",
        "endpoint_id",
        "account_ref",
        "account_sequence",
        postgresql_where="state IN ('due', 'sending')",
    ),
    index("deliveries", "event_id"),
)

delivery_attempts = tenant_table(
    "delivery_attempts",
    key("attempt_id"),
    key("endpoint_id"),
    key("event_id"),
    Column("number", Integer, nullable=False),
    at("at"),
    Column("status_code", Integer, nullable=True),
    Column("duration_ms", Integer, nullable=False),
    text("answer_start"),
    text("error", required=False),
    belongs_to("delivery_attempts", "endpoint_id", "endpoints"),
    index("delivery_attempts", "endpoint_id", "event_id"),
)

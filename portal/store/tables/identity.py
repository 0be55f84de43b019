"""How a person gets in: links, sessions, one-time codes, known devices, one-use form tokens, messages."""

from sqlalchemy import Column, Integer, LargeBinary, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB

from portal.store.tables.base import (
    at,
    belongs_to,
    index,
    key,
    ref,
    sealed,
    state,
    tenant_table,
    text,
    unique,
)

links = tenant_table(
    "links",
    key("link_id"),
    Column("token_digest", LargeBinary, nullable=False),
    ref("debtor_id"),
    *state("links", "link"),
    Column("tries", SmallInteger, nullable=False),
    at("made_at"),
    at("expires_at"),
    at("opened_at", required=False),
    at("used_at", required=False),
    unique("links", "token_digest"),
    belongs_to("links", "debtor_id", "debtors"),
    index("links", "debtor_id", "made_at"),
)

sessions = tenant_table(
    "sessions",
    key("session_id"),
    Column("token_digest", LargeBinary, nullable=False),
    text("kind"),
    ref("subject_id"),
    ref("link_id", required=False),
    Column("state", JSONB, nullable=False),
    at("started_at"),
    at("seen_at"),
    at("ended_at", required=False),
    unique("sessions", "token_digest"),
    index("sessions", "subject_id"),
)

codes = tenant_table(
    "codes",
    key("code_id"),
    ref("session_id"),
    text("purpose"),
    Column("digest", LargeBinary, nullable=False),
    Column("bound_to", LargeBinary, nullable=True),
    Column("tries", SmallInteger, nullable=False),
    at("sent_at"),
    at("expires_at"),
    at("used_at", required=False),
    belongs_to("codes", "session_id", "sessions"),
    index("codes", "session_id", "sent_at"),
)

devices = tenant_table(
    "devices",
    key("debtor_id"),
    Column("device_digest", LargeBinary, primary_key=True),
    at("verified_at"),
    belongs_to("devices", "debtor_id", "debtors"),
)

form_tokens = tenant_table(
    "form_tokens",
    Column("token_digest", LargeBinary, primary_key=True),
    text("answer"),
    at("used_at"),
    index("form_tokens", "used_at"),
)

messages = tenant_table(
    "messages",
    key("message_id"),
    ref("debtor_id"),
    ref("link_id", required=False),
    text("channel"),
    text("template"),
    text("language"),
    sealed("recipient", required=True),
    sealed("body", required=True),
    Column("segments", Integer, nullable=False),
    *state("messages", "message"),
    text("reason", required=False),
    text("gateway_ref", required=False),
    at("queued_at"),
    at("due_at"),
    at("sent_at", required=False),
    belongs_to("messages", "debtor_id", "debtors"),
    index("messages", "debtor_id", "queued_at"),
    index("messages", "due_at", postgresql_where="state IN ('queued', 'unknown')"),
)

grants = tenant_table(
    "grants",
    key("grant_id"),
    text("grant_ref"),
    ref("debtor_id"),
    Column("code_digest", LargeBinary, nullable=False),
    Column("scopes", JSONB, nullable=False),
    ref("agency_id", required=False),
    ref("counselor_id", required=False),
    *state("grants", "grant"),
    at("offered_at"),
    at("taken_at", required=False),
    at("viewed_at", required=False),
    at("expires_at"),
    at("ended_at", required=False),
    unique("grants", "grant_ref"),
    belongs_to("grants", "debtor_id", "debtors"),
    index("grants", "debtor_id"),
    index("grants", "counselor_id"),
)

guest_keys_told = tenant_table(
    "guest_keys_told", key("api_key_id"), at("told_at"), at("ended_at", required=False)
)

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY

from portal.store.tables.base import (
    at,
    belongs_to,
    document,
    index,
    key,
    ref,
    sealed,
    shared_table,
    tenant_table,
    text,
    unique,
)

lenders = shared_table(
    "lenders",
    Column("lender_id", BigInteger, primary_key=True, autoincrement=False),
    Column("slug", Text, nullable=False, unique=True),
    text("name"),
    document("settings"),
    at("created_at"),
)

lender_keys = tenant_table(
    "lender_keys",
    Column("key_id", SmallInteger, primary_key=True, autoincrement=False),
    text("purpose"),
    text("algorithm"),
    Column("wrapped", LargeBinary, nullable=False),
    Column("is_in_use", Boolean, nullable=False),
    at("created_at"),
    CheckConstraint("purpose IN ('seal', 'digest')", name="lender_keys_purpose_known"),
)

creditors = tenant_table(
    "creditors",
    key("creditor_id"),
    text("creditor_ref"),
    text("brand_name"),
    text("accent", required=False),
    text("logo_svg", required=False),
    text("phone", required=False),
    text("country", required=False),
    text("payout_account", required=False),
    text("range_from", required=False),
    text("range_to", required=False),
    at("created_at"),
    unique("creditors", "creditor_ref"),
)

staff = tenant_table(
    "staff",
    key("staff_id"),
    sealed("email", required=True),
    sealed("full_name", required=True),
    Column("roles", ARRAY(Text), nullable=False),
    text("password_hash"),
    sealed("totp_secret"),
    Column("totp_step", BigInteger, nullable=True),
    Column("is_active", Boolean, nullable=False),
    at("created_at"),
)

api_keys = tenant_table(
    "api_keys",
    key("api_key_id"),
    text("prefix"),
    text("label"),
    Column("scopes", ARRAY(Text), nullable=False),
    at("created_at"),
    at("revoked_at", required=False),
    at("used_at", required=False),
)

idempotency_keys = tenant_table(
    "idempotency_keys",
    Column("key_digest", LargeBinary, primary_key=True),
    ref("api_key_id"),
    Column("request_digest", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=True),
    text("place", required=False),
    sealed("body"),
    at("created_at"),
    belongs_to("idempotency_keys", "api_key_id", "api_keys"),
    index("idempotency_keys", "created_at"),
)

api_windows = tenant_table(
    "api_windows",
    key("api_key_id"),
    Column("window_started_at", at("x").type, primary_key=True),
    Column("calls", Integer, nullable=False),
    belongs_to("api_windows", "api_key_id", "api_keys"),
)

"""Shared directories: which lender a secret leads to, and the guests (agencies, providers) of the house."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from portal.store.tables.base import at, document, shared_table, text

secret_digests = shared_table(
    "secret_digests",
    Column("kind", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("lender_id", BigInteger, nullable=True),
    Column("subject_id", Uuid, nullable=True),
    at("created_at"),
    CheckConstraint(
        "kind IN ('link', 'client_code', 'api_key', 'login', 'enrollment', 'paper', 'calendar', 'guest_key')",
        name="secret_digests_kind_known",
    ),
)

delivery_hints = shared_table(
    "delivery_hints", Column("lender_id", BigInteger, primary_key=True, autoincrement=False), at("due_at")
)

agencies = shared_table(
    "agencies", Column("agency_id", Uuid, primary_key=True), text("name"), text("country"), at("created_at")
)

agency_staff = shared_table(
    "agency_staff",
    Column("counselor_id", Uuid, primary_key=True),
    Column(
        "agency_id",
        Uuid,
        ForeignKey("agencies.agency_id", name="agency_staff_agency_id_fkey"),
        nullable=False,
    ),
    text("display_name"),
    text("password_hash"),
    Column("totp_secret", LargeBinary, nullable=True),
    Column("totp_step", BigInteger, nullable=True),
    Column("is_active", Boolean, nullable=False),
    at("created_at"),
)

providers = shared_table(
    "providers",
    Column("provider_id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    text("name"),
    Column("webhook_secret", LargeBinary, nullable=False),
    at("created_at"),
)

provider_staff = shared_table(
    "provider_staff",
    Column("trainer_id", Uuid, primary_key=True),
    Column(
        "provider_id",
        Uuid,
        ForeignKey("providers.provider_id", name="provider_staff_provider_id_fkey"),
        nullable=False,
    ),
    text("display_name"),
    text("password_hash"),
    Column("totp_secret", LargeBinary, nullable=True),
    Column("totp_step", BigInteger, nullable=True),
    Column("is_active", Boolean, nullable=False),
    at("created_at"),
)

courses = shared_table(
    "courses",
    Column("course_id", Uuid, primary_key=True),
    Column(
        "provider_id",
        Uuid,
        ForeignKey("providers.provider_id", name="courses_provider_id_fkey"),
        nullable=False,
    ),
    Column("course_ref", Text, nullable=False, unique=True),
    document("titles"),
    document("details"),
    Column("languages", ARRAY(Text), nullable=False),
    Column("countries", ARRAY(Text), nullable=False),
    Column("is_open", Boolean, nullable=False),
    at("created_at"),
)

guest_lenders = shared_table(
    "guest_lenders",
    Column("house_id", Uuid, primary_key=True),
    Column("lender_id", BigInteger, primary_key=True, autoincrement=False),
)

guest_sessions = shared_table(
    "guest_sessions",
    Column("token_digest", LargeBinary, primary_key=True),
    text("kind"),
    Column("subject_id", Uuid, nullable=False),
    Column("state", JSONB, nullable=False),
    at("started_at"),
    at("seen_at"),
    at("ended_at", required=False),
    CheckConstraint("kind IN ('counselor', 'trainer')", name="guest_sessions_kind_known"),
)

guest_keys = shared_table(
    "guest_keys",
    Column("api_key_id", Uuid, primary_key=True),
    text("audience"),
    Column("house_id", Uuid, nullable=False),
    Column("guest_id", Uuid, nullable=False),
    text("prefix"),
    text("label"),
    Column("scopes", ARRAY(Text), nullable=False),
    at("created_at"),
    at("revoked_at", required=False),
    CheckConstraint("audience IN ('counselor', 'trainer')", name="guest_keys_audience_known"),
    Index("guest_keys_house_id_idx", "house_id", "api_key_id"),
)


def _of_key(table: str) -> ForeignKey:
    return ForeignKey("guest_keys.api_key_id", name=f"{table}_api_key_id_fkey")


guest_windows = shared_table(
    "guest_windows",
    Column("api_key_id", Uuid, _of_key("guest_windows"), primary_key=True),
    Column("window_started_at", at("x").type, primary_key=True),
    Column("calls", Integer, nullable=False),
)

guest_answers = shared_table(
    "guest_answers",
    Column("key_digest", LargeBinary, primary_key=True),
    Column("api_key_id", Uuid, _of_key("guest_answers"), nullable=False),
    Column("request_digest", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=True),
    text("place", required=False),
    Column("body", LargeBinary, nullable=True),
    at("created_at"),
    Index("guest_answers_created_at_idx", "created_at"),
)

sign_in_tries = shared_table(
    "sign_in_tries",
    Column("login_digest", LargeBinary, primary_key=True),
    Column("window_started_at", at("x").type, nullable=False),
    Column("tries", BigInteger, nullable=False),
)

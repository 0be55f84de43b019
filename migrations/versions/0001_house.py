"""The house as it was built: every table, row security on each tenant table, and what each role may do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

TENANT_TABLES = [
    "account_lines",
    "accounts",
    "active_agreements",
    "agreement_accounts",
    "agreements",
    "api_keys",
    "api_windows",
    "asks",
    "bounds",
    "budgets",
    "case_accounts",
    "cases",
    "codes",
    "complaints",
    "creditors",
    "debtor_words",
    "debtors",
    "decisions",
    "deliveries",
    "delivery_attempts",
    "devices",
    "disputes",
    "documents",
    "endpoints",
    "enrollments",
    "events",
    "form_tokens",
    "grants",
    "handoffs",
    "holds",
    "idempotency_keys",
    "import_rejects",
    "imports",
    "inbox",
    "installments",
    "leaf_heads",
    "leaves",
    "ledger_entries",
    "lender_keys",
    "links",
    "messages",
    "milestones",
    "offers",
    "payments",
    "proposals",
    "sessions",
    "staff",
]
SHARED_TABLES = [
    "agencies",
    "agency_staff",
    "courses",
    "delivery_hints",
    "guest_lenders",
    "guest_sessions",
    "lenders",
    "provider_staff",
    "providers",
    "secret_digests",
    "sign_in_tries",
]
STAGING_TABLES = ["staging_accounts", "staging_debtors"]
APPEND_ONLY = ["events", "ledger_entries", "decisions", "delivery_attempts"]
OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    create_tables()
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_lender ON {table} USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    op.execute("GRANT USAGE ON SCHEMA public TO portal_app, portal_bulk")
    for table in TENANT_TABLES + SHARED_TABLES:
        rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO portal_app")
        op.execute(f"GRANT {rights} ON {table} TO portal_bulk")
    for table in STAGING_TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO portal_bulk")
    op.execute("GRANT SELECT ON alembic_version TO portal_app, portal_bulk")


def downgrade():
    drop_tables()


def create_tables():
    op.create_table(
        "agencies",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("agency_id"),
    )
    op.create_table(
        "api_keys",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lender_id", "api_key_id"),
    )
    op.create_table(
        "bounds",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bounds_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("review", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'simulated', 'approved', 'active', 'retired')", name="bounds_state_known"
        ),
        sa.PrimaryKeyConstraint("lender_id", "bounds_id"),
        sa.UniqueConstraint("lender_id", "name", "version", name="bounds_name_version_key"),
    )
    op.create_index("bounds_currency_state_idx", "bounds", ["lender_id", "currency", "state"], unique=False)
    op.create_table(
        "creditors",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("creditor_ref", sa.Text(), nullable=False),
        sa.Column("brand_name", sa.Text(), nullable=False),
        sa.Column("accent", sa.Text(), nullable=True),
        sa.Column("logo_svg", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "creditor_id"),
        sa.UniqueConstraint("lender_id", "creditor_ref", name="creditors_creditor_ref_key"),
    )
    op.create_table(
        "debtors",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_ref", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.Column("full_name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=True),
        sa.Column("id_last4", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_digest", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("monthly_income", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("security_word", sa.Text(), nullable=False),
        sa.Column("preferences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("identity_tries", sa.Integer(), nullable=False),
        sa.Column("phone_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_party_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("messages_stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_digest", sa.LargeBinary(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "debtor_id"),
        sa.UniqueConstraint("lender_id", "debtor_ref", name="debtors_debtor_ref_key"),
        sa.UniqueConstraint("lender_id", "source_ref", name="debtors_source_ref_key"),
    )
    op.create_index("debtors_phone_digest_idx", "debtors", ["lender_id", "phone_digest"], unique=False)
    op.create_table(
        "delivery_hints",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lender_id"),
    )
    op.create_table(
        "endpoints",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("patterns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ed25519_key", sa.LargeBinary(), nullable=True),
        sa.Column("is_ordered", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slow_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('active', 'disabled')", name="endpoints_state_known"),
        sa.PrimaryKeyConstraint("lender_id", "endpoint_id"),
    )
    op.create_table(
        "events",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_ref", sa.Text(), nullable=True),
        sa.Column("account_sequence", sa.Integer(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("creditor_ref", sa.Text(), nullable=True),
        sa.Column("debtor_ref", sa.Text(), nullable=True),
        sa.Column("actor", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "id"),
    )
    op.create_index(
        "events_account_ref_account_sequence_idx",
        "events",
        ["lender_id", "account_ref", "account_sequence"],
        unique=True,
        postgresql_where="account_ref IS NOT NULL",
    )
    op.create_index("events_debtor_ref_id_idx", "events", ["lender_id", "debtor_ref", "id"], unique=False)
    op.create_index("events_occurred_at_idx", "events", ["lender_id", "occurred_at"], unique=False)
    op.create_table(
        "form_tokens",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "token_digest"),
    )
    op.create_index("form_tokens_used_at_idx", "form_tokens", ["lender_id", "used_at"], unique=False)
    op.create_table(
        "guest_lenders",
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("house_id", "lender_id"),
    )
    op.create_table(
        "guest_sessions",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('counselor', 'trainer')", name="guest_sessions_kind_known"),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_table(
        "imports",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("file_digest", sa.LargeBinary(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lender_id", "import_id"),
    )
    op.create_index("imports_started_at_idx", "imports", ["lender_id", "started_at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("outside_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lender_id", "source", "outside_id"),
    )
    op.create_index(
        "inbox_state_received_at_idx", "inbox", ["lender_id", "state", "received_at"], unique=False
    )
    op.create_table(
        "leaf_heads",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lender_id"),
    )
    op.create_table(
        "lender_keys",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('seal', 'digest')", name="lender_keys_purpose_known"),
        sa.PrimaryKeyConstraint("lender_id", "key_id"),
    )
    op.create_table(
        "lenders",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lender_id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "providers",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("webhook_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider_id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "secret_digests",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("lender_id", sa.BigInteger(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('link', 'client_code', 'api_key', 'login', 'enrollment')",
            name="secret_digests_kind_known",
        ),
        sa.PrimaryKeyConstraint("kind", "digest"),
    )
    op.create_table(
        "sessions",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lender_id", "session_id"),
        sa.UniqueConstraint("lender_id", "token_digest", name="sessions_token_digest_key"),
    )
    op.create_index("sessions_subject_id_idx", "sessions", ["lender_id", "subject_id"], unique=False)
    op.create_table(
        "sign_in_tries",
        sa.Column("login_digest", sa.LargeBinary(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("login_digest"),
    )
    op.create_table(
        "staff",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("full_name", sa.LargeBinary(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "staff_id"),
    )
    op.create_table(
        "staging_accounts",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("account_ref", sa.Text(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("principal_minor", sa.BigInteger(), nullable=False),
        sa.Column("interest_minor", sa.BigInteger(), nullable=False),
        sa.Column("fees_minor", sa.BigInteger(), nullable=False),
        sa.Column("original_minor", sa.BigInteger(), nullable=False),
        sa.Column("annual_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("delinquent_since", sa.Date(), nullable=True),
        sa.Column("last_payment_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("row_digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("step IN ('new', 'change', 'same')", name="staging_accounts_step_known"),
        sa.PrimaryKeyConstraint("lender_id", "import_id", "row_number"),
        prefixes=["UNLOGGED"],
    )
    op.create_index(
        "staging_accounts_known_idx",
        "staging_accounts",
        ["lender_id", "import_id", "account_id"],
        unique=False,
        postgresql_where="step <> 'new'",
    )
    op.create_table(
        "staging_debtors",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_ref", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.Column("full_name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=True),
        sa.Column("id_last4", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_digest", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("monthly_income", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("security_word", sa.Text(), nullable=False),
        sa.Column("row_digest", sa.LargeBinary(), nullable=False),
        sa.Column("word_digests", sa.ARRAY(sa.LargeBinary()), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "import_id", "row_number"),
        prefixes=["UNLOGGED"],
    )
    op.create_index(
        "staging_debtors_changed_idx",
        "staging_debtors",
        ["lender_id", "import_id", "debtor_id"],
        unique=False,
        postgresql_where="NOT is_new",
    )
    op.create_table(
        "accounts",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("account_ref", sa.Text(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("principal_minor", sa.BigInteger(), nullable=False),
        sa.Column("interest_minor", sa.BigInteger(), nullable=False),
        sa.Column("fees_minor", sa.BigInteger(), nullable=False),
        sa.Column("original_minor", sa.BigInteger(), nullable=False),
        sa.Column("annual_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("delinquent_since", sa.Date(), nullable=True),
        sa.Column("last_payment_on", sa.Date(), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("event_sequence", sa.Integer(), nullable=False),
        sa.Column("row_digest", sa.LargeBinary(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'settled', 'recalled', 'closed')", name="accounts_state_known"),
        sa.ForeignKeyConstraint(
            ["lender_id", "creditor_id"],
            ["creditors.lender_id", "creditors.creditor_id"],
            name="accounts_creditor_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="accounts_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "account_id"),
        sa.UniqueConstraint("lender_id", "account_ref", name="accounts_account_ref_key"),
    )
    op.create_index(
        "accounts_account_id_idx",
        "accounts",
        ["lender_id", "account_id"],
        unique=False,
        postgresql_where="delinquent_since IS NOT NULL",
    )
    op.create_index("accounts_debtor_id_idx", "accounts", ["lender_id", "debtor_id"], unique=False)
    op.create_table(
        "agency_staff",
        sa.Column("counselor_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.agency_id"], name="agency_staff_agency_id_fkey"),
        sa.PrimaryKeyConstraint("counselor_id"),
    )
    op.create_table(
        "api_windows",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "api_key_id"],
            ["api_keys.lender_id", "api_keys.api_key_id"],
            name="api_windows_api_key_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "api_key_id", "window_started_at"),
    )
    op.create_table(
        "budgets",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="budgets_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "budget_id"),
    )
    op.create_index(
        "budgets_debtor_id_recorded_at_idx",
        "budgets",
        ["lender_id", "debtor_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "cases",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_ref", sa.Text(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("bounds_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asks_count", sa.Integer(), nullable=False),
        sa.Column("asks_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_digest", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'handed_off', 'agreed', 'closed')", name="cases_state_known"),
        sa.ForeignKeyConstraint(
            ["lender_id", "bounds_id"], ["bounds.lender_id", "bounds.bounds_id"], name="cases_bounds_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="cases_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "case_id"),
        sa.UniqueConstraint("lender_id", "case_ref", name="cases_case_ref_key"),
    )
    op.create_index("cases_debtor_id_idx", "cases", ["lender_id", "debtor_id"], unique=False)
    op.create_table(
        "codes",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("bound_to", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["lender_id", "session_id"],
            ["sessions.lender_id", "sessions.session_id"],
            name="codes_session_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "code_id"),
    )
    op.create_index(
        "codes_session_id_sent_at_idx", "codes", ["lender_id", "session_id", "sent_at"], unique=False
    )
    op.create_table(
        "complaints",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_ref", sa.Text(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'reviewed', 'answered', 'closed')", name="complaints_state_known"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="complaints_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "complaint_id"),
        sa.UniqueConstraint("lender_id", "complaint_ref", name="complaints_complaint_ref_key"),
    )
    op.create_index(
        "complaints_state_answer_due_at_idx",
        "complaints",
        ["lender_id", "state", "answer_due_at"],
        unique=False,
    )
    op.create_table(
        "courses",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("course_ref", sa.Text(), nullable=False),
        sa.Column("titles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("countries", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.provider_id"], name="courses_provider_id_fkey"),
        sa.PrimaryKeyConstraint("course_id"),
        sa.UniqueConstraint("course_ref"),
    )
    op.create_table(
        "debtor_words",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("word_digest", sa.LargeBinary(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="debtor_words_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "word_digest", "debtor_id"),
    )
    op.create_table(
        "deliveries",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("account_ref", sa.Text(), nullable=True),
        sa.Column("account_sequence", sa.Integer(), nullable=True),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('due', 'sending', 'delivered', 'dead')", name="deliveries_state_known"),
        sa.ForeignKeyConstraint(
            ["lender_id", "endpoint_id"],
            ["endpoints.lender_id", "endpoints.endpoint_id"],
            name="deliveries_endpoint_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "event_id"], ["events.lender_id", "events.id"], name="deliveries_event_id_fkey"
        ),
        sa.PrimaryKeyConstraint("lender_id", "endpoint_id", "event_id"),
    )
    op.create_index(
        "deliveries_claimed_until_idx",
        "deliveries",
        ["lender_id", "claimed_until"],
        unique=False,
        postgresql_where="state = 'sending'",
    )
    op.create_index(
        "deliveries_endpoint_id_account_ref_account_sequence_idx",
        "deliveries",
        ["lender_id", "endpoint_id", "account_ref", "account_sequence"],
        unique=False,
        postgresql_where="state IN ('due', 'sending')",
    )
    op.create_index(
        "deliveries_endpoint_id_due_at_event_id_idx",
        "deliveries",
        ["lender_id", "endpoint_id", "due_at", "event_id"],
        unique=False,
        postgresql_where="state = 'due'",
    )
    op.create_index("deliveries_event_id_idx", "deliveries", ["lender_id", "event_id"], unique=False)
    op.create_table(
        "delivery_attempts",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("answer_start", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lender_id", "endpoint_id"],
            ["endpoints.lender_id", "endpoints.endpoint_id"],
            name="delivery_attempts_endpoint_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "attempt_id", "endpoint_id", "event_id"),
    )
    op.create_index(
        "delivery_attempts_endpoint_id_event_id_idx",
        "delivery_attempts",
        ["lender_id", "endpoint_id", "event_id"],
        unique=False,
    )
    op.create_table(
        "devices",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("device_digest", sa.LargeBinary(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="devices_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "debtor_id", "device_digest"),
    )
    op.create_table(
        "documents",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("document_ref", sa.Text(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="documents_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "document_id"),
        sa.UniqueConstraint("lender_id", "document_ref", name="documents_document_ref_key"),
    )
    op.create_index("documents_agreement_id_idx", "documents", ["lender_id", "agreement_id"], unique=False)
    op.create_table(
        "grants",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("grant_ref", sa.Text(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("counselor_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('offered', 'active', 'expired', 'revoked')", name="grants_state_known"),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="grants_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "grant_id"),
        sa.UniqueConstraint("lender_id", "grant_ref", name="grants_grant_ref_key"),
    )
    op.create_index("grants_counselor_id_idx", "grants", ["lender_id", "counselor_id"], unique=False)
    op.create_index("grants_debtor_id_idx", "grants", ["lender_id", "debtor_id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_digest", sa.LargeBinary(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "api_key_id"],
            ["api_keys.lender_id", "api_keys.api_key_id"],
            name="idempotency_keys_api_key_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "key_digest"),
    )
    op.create_index(
        "idempotency_keys_created_at_idx", "idempotency_keys", ["lender_id", "created_at"], unique=False
    )
    op.create_table(
        "import_rejects",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "import_id"],
            ["imports.lender_id", "imports.import_id"],
            name="import_rejects_import_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "import_id", "row_number", "position"),
    )
    op.create_table(
        "leaves",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "event_id"], ["events.lender_id", "events.id"], name="leaves_event_id_fkey"
        ),
        sa.PrimaryKeyConstraint("lender_id", "position"),
        sa.UniqueConstraint("lender_id", "event_id", name="leaves_event_id_key"),
    )
    op.create_table(
        "links",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('made', 'opened', 'used', 'expired', 'locked', 'revoked')", name="links_state_known"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="links_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "link_id"),
        sa.UniqueConstraint("lender_id", "token_digest", name="links_token_digest_key"),
    )
    op.create_index(
        "links_debtor_id_made_at_idx", "links", ["lender_id", "debtor_id", "made_at"], unique=False
    )
    op.create_table(
        "messages",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("gateway_ref", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'unknown', 'sent', 'delivered', 'suppressed', 'failed')",
            name="messages_state_known",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="messages_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "message_id"),
    )
    op.create_index(
        "messages_debtor_id_queued_at_idx", "messages", ["lender_id", "debtor_id", "queued_at"], unique=False
    )
    op.create_index(
        "messages_due_at_idx",
        "messages",
        ["lender_id", "due_at"],
        unique=False,
        postgresql_where="state IN ('queued', 'unknown')",
    )
    op.create_table(
        "provider_staff",
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.provider_id"], name="provider_staff_provider_id_fkey"
        ),
        sa.PrimaryKeyConstraint("trainer_id"),
    )
    op.create_table(
        "account_lines",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label_key", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="account_lines_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "account_id", "position"),
    )
    op.create_table(
        "asks",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answer_kind", sa.Text(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "case_id"], ["cases.lender_id", "cases.case_id"], name="asks_case_id_fkey"
        ),
        sa.PrimaryKeyConstraint("lender_id", "ask_id"),
    )
    op.create_index("asks_case_id_asked_at_idx", "asks", ["lender_id", "case_id", "asked_at"], unique=False)
    op.create_table(
        "case_accounts",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="case_accounts_account_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "case_id"], ["cases.lender_id", "cases.case_id"], name="case_accounts_case_id_fkey"
        ),
        sa.PrimaryKeyConstraint("lender_id", "case_id", "account_id"),
    )
    op.create_index(
        "case_accounts_account_id_idx", "case_accounts", ["lender_id", "account_id"], unique=False
    )
    op.create_table(
        "decisions",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=True),
        sa.Column("row", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "case_id"], ["cases.lender_id", "cases.case_id"], name="decisions_case_id_fkey"
        ),
        sa.PrimaryKeyConstraint("lender_id", "decision_id"),
    )
    op.create_index(
        "decisions_case_id_decided_at_idx", "decisions", ["lender_id", "case_id", "decided_at"], unique=False
    )
    op.create_table(
        "disputes",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("dispute_ref", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'escalated', 'closed')", name="disputes_state_known"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="disputes_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "dispute_id"),
        sa.UniqueConstraint("lender_id", "dispute_ref", name="disputes_dispute_ref_key"),
    )
    op.create_index("disputes_account_id_idx", "disputes", ["lender_id", "account_id"], unique=False)
    op.create_index(
        "disputes_state_answer_due_at_idx", "disputes", ["lender_id", "state", "answer_due_at"], unique=False
    )
    op.create_table(
        "handoffs",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("handoff_ref", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("packet", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("answer_words", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'answered', 'closed')", name="handoffs_state_known"),
        sa.ForeignKeyConstraint(
            ["lender_id", "case_id"], ["cases.lender_id", "cases.case_id"], name="handoffs_case_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="handoffs_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "handoff_id"),
        sa.UniqueConstraint("lender_id", "handoff_ref", name="handoffs_handoff_ref_key"),
    )
    op.create_index(
        "handoffs_state_answer_due_at_idx", "handoffs", ["lender_id", "state", "answer_due_at"], unique=False
    )
    op.create_table(
        "holds",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="holds_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "hold_id"),
    )
    op.create_index("holds_account_id_idx", "holds", ["lender_id", "account_id"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("book", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="ledger_entries_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "posting_id", "line"),
    )
    op.create_index(
        "ledger_entries_account_id_booked_at_idx",
        "ledger_entries",
        ["lender_id", "account_id", "booked_at"],
        unique=False,
    )
    op.create_table(
        "offers",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("offer_ref", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("plan_hash", sa.Text(), nullable=False),
        sa.Column("facts_hash", sa.Text(), nullable=False),
        sa.Column("bounds_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("reason_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('firm', 'accepted', 'expired', 'replaced')", name="offers_state_known"),
        sa.ForeignKeyConstraint(
            ["lender_id", "bounds_id"], ["bounds.lender_id", "bounds.bounds_id"], name="offers_bounds_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "case_id"], ["cases.lender_id", "cases.case_id"], name="offers_case_id_fkey"
        ),
        sa.PrimaryKeyConstraint("lender_id", "offer_id"),
        sa.UniqueConstraint("lender_id", "case_id", "plan_hash", name="offers_case_id_plan_hash_key"),
        sa.UniqueConstraint("lender_id", "offer_ref", name="offers_offer_ref_key"),
    )
    op.create_table(
        "agreements",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_ref", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("terms_json", sa.Text(), nullable=False),
        sa.Column("terms_hash", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("html_hash", sa.Text(), nullable=False),
        sa.Column("text_versions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signer_name", sa.LargeBinary(), nullable=True),
        sa.Column("signing_log", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('prepared', 'active', 'broken', 'withdrawn', 'amended', 'completed', 'expired')",
            name="agreements_state_known",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "case_id"], ["cases.lender_id", "cases.case_id"], name="agreements_case_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="agreements_debtor_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "offer_id"],
            ["offers.lender_id", "offers.offer_id"],
            name="agreements_offer_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "agreement_id"),
        sa.UniqueConstraint("lender_id", "agreement_ref", name="agreements_agreement_ref_key"),
    )
    op.create_index("agreements_debtor_id_idx", "agreements", ["lender_id", "debtor_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_ref", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('shown', 'accepted', 'declined', 'expired')", name="proposals_state_known"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "case_id"], ["cases.lender_id", "cases.case_id"], name="proposals_case_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "grant_id"], ["grants.lender_id", "grants.grant_id"], name="proposals_grant_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "offer_id"], ["offers.lender_id", "offers.offer_id"], name="proposals_offer_id_fkey"
        ),
        sa.PrimaryKeyConstraint("lender_id", "proposal_id"),
        sa.UniqueConstraint("lender_id", "proposal_ref", name="proposals_proposal_ref_key"),
    )
    op.create_index("proposals_case_id_idx", "proposals", ["lender_id", "case_id"], unique=False)
    op.create_index("proposals_grant_id_idx", "proposals", ["lender_id", "grant_id"], unique=False)
    op.create_index("proposals_offer_id_idx", "proposals", ["lender_id", "offer_id"], unique=False)
    op.create_table(
        "active_agreements",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="active_agreements_account_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "agreement_id"],
            ["agreements.lender_id", "agreements.agreement_id"],
            name="active_agreements_agreement_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "account_id"),
    )
    op.create_table(
        "agreement_accounts",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="agreement_accounts_account_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "agreement_id"],
            ["agreements.lender_id", "agreements.agreement_id"],
            name="agreement_accounts_agreement_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "agreement_id", "account_id"),
    )
    op.create_index(
        "agreement_accounts_account_id_idx", "agreement_accounts", ["lender_id", "account_id"], unique=False
    )
    op.create_table(
        "enrollments",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_code", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('chosen', 'enrolled', 'completed', 'ended')", name="enrollments_state_known"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "agreement_id"],
            ["agreements.lender_id", "agreements.agreement_id"],
            name="enrollments_agreement_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "enrollment_id"),
        sa.UniqueConstraint("lender_id", "enrollment_code", name="enrollments_enrollment_code_key"),
    )
    op.create_index("enrollments_provider_id_idx", "enrollments", ["lender_id", "provider_id"], unique=False)
    op.create_table(
        "installments",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("principal_minor", sa.BigInteger(), nullable=False),
        sa.Column("interest_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('upcoming', 'due', 'missed', 'paid', 'moved')", name="installments_state_known"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "agreement_id"],
            ["agreements.lender_id", "agreements.agreement_id"],
            name="installments_agreement_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "agreement_id", "number"),
    )
    op.create_index(
        "installments_state_due_on_idx", "installments", ["lender_id", "state", "due_on"], unique=False
    )
    op.create_table(
        "payments",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("payment_ref", sa.Text(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("gateway_session", sa.Text(), nullable=True),
        sa.Column("gateway_ref", sa.Text(), nullable=True),
        sa.Column("decline_code", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value_on", sa.Date(), nullable=True),
        sa.Column("allocation", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("receipt_number", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('started', 'pending', 'unknown', 'succeeded', 'disputed', 'failed', 'canceled', 'refunded', 'returned')",
            name="payments_state_known",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="payments_account_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "agreement_id"],
            ["agreements.lender_id", "agreements.agreement_id"],
            name="payments_agreement_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="payments_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "payment_id"),
        sa.UniqueConstraint("lender_id", "payment_ref", name="payments_payment_ref_key"),
    )
    op.create_index(
        "payments_account_id_started_at_idx",
        "payments",
        ["lender_id", "account_id", "started_at"],
        unique=False,
    )
    op.create_index("payments_gateway_ref_idx", "payments", ["lender_id", "gateway_ref"], unique=False)
    op.create_index(
        "payments_gateway_session_idx", "payments", ["lender_id", "gateway_session"], unique=False
    )
    op.create_index(
        "payments_state_started_at_idx", "payments", ["lender_id", "state", "started_at"], unique=False
    )
    op.create_table(
        "milestones",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_by", sa.Date(), nullable=False),
        sa.Column("reward", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'missed', 'verified')", name="milestones_state_known"),
        sa.ForeignKeyConstraint(
            ["lender_id", "enrollment_id"],
            ["enrollments.lender_id", "enrollments.enrollment_id"],
            name="milestones_enrollment_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "enrollment_id", "position"),
    )
    # ### end Alembic commands ###


def drop_tables():
    op.drop_table("milestones")
    op.drop_index("payments_state_started_at_idx", table_name="payments")
    op.drop_index("payments_gateway_session_idx", table_name="payments")
    op.drop_index("payments_gateway_ref_idx", table_name="payments")
    op.drop_index("payments_account_id_started_at_idx", table_name="payments")
    op.drop_table("payments")
    op.drop_index("installments_state_due_on_idx", table_name="installments")
    op.drop_table("installments")
    op.drop_index("enrollments_provider_id_idx", table_name="enrollments")
    op.drop_table("enrollments")
    op.drop_index("agreement_accounts_account_id_idx", table_name="agreement_accounts")
    op.drop_table("agreement_accounts")
    op.drop_table("active_agreements")
    op.drop_index("proposals_offer_id_idx", table_name="proposals")
    op.drop_index("proposals_grant_id_idx", table_name="proposals")
    op.drop_index("proposals_case_id_idx", table_name="proposals")
    op.drop_table("proposals")
    op.drop_index("agreements_debtor_id_idx", table_name="agreements")
    op.drop_table("agreements")
    op.drop_table("offers")
    op.drop_index("ledger_entries_account_id_booked_at_idx", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index("holds_account_id_idx", table_name="holds")
    op.drop_table("holds")
    op.drop_index("handoffs_state_answer_due_at_idx", table_name="handoffs")
    op.drop_table("handoffs")
    op.drop_index("disputes_state_answer_due_at_idx", table_name="disputes")
    op.drop_index("disputes_account_id_idx", table_name="disputes")
    op.drop_table("disputes")
    op.drop_index("decisions_case_id_decided_at_idx", table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("case_accounts_account_id_idx", table_name="case_accounts")
    op.drop_table("case_accounts")
    op.drop_index("asks_case_id_asked_at_idx", table_name="asks")
    op.drop_table("asks")
    op.drop_table("account_lines")
    op.drop_table("provider_staff")
    op.drop_index(
        "messages_due_at_idx", table_name="messages", postgresql_where="state IN ('queued', 'unknown')"
    )
    op.drop_index("messages_debtor_id_queued_at_idx", table_name="messages")
    op.drop_table("messages")
    op.drop_index("links_debtor_id_made_at_idx", table_name="links")
    op.drop_table("links")
    op.drop_table("leaves")
    op.drop_table("import_rejects")
    op.drop_index("idempotency_keys_created_at_idx", table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_index("grants_debtor_id_idx", table_name="grants")
    op.drop_index("grants_counselor_id_idx", table_name="grants")
    op.drop_table("grants")
    op.drop_index("documents_agreement_id_idx", table_name="documents")
    op.drop_table("documents")
    op.drop_table("devices")
    op.drop_index("delivery_attempts_endpoint_id_event_id_idx", table_name="delivery_attempts")
    op.drop_table("delivery_attempts")
    op.drop_index("deliveries_event_id_idx", table_name="deliveries")
    op.drop_index(
        "deliveries_endpoint_id_due_at_event_id_idx",
        table_name="deliveries",
        postgresql_where="state = 'due'",
    )
    op.drop_index(
        "deliveries_endpoint_id_account_ref_account_sequence_idx",
        table_name="deliveries",
        postgresql_where="state IN ('due', 'sending')",
    )
    op.drop_index(
        "deliveries_claimed_until_idx", table_name="deliveries", postgresql_where="state = 'sending'"
    )
    op.drop_table("deliveries")
    op.drop_table("debtor_words")
    op.drop_table("courses")
    op.drop_index("complaints_state_answer_due_at_idx", table_name="complaints")
    op.drop_table("complaints")
    op.drop_index("codes_session_id_sent_at_idx", table_name="codes")
    op.drop_table("codes")
    op.drop_index("cases_debtor_id_idx", table_name="cases")
    op.drop_table("cases")
    op.drop_index("budgets_debtor_id_recorded_at_idx", table_name="budgets")
    op.drop_table("budgets")
    op.drop_table("api_windows")
    op.drop_table("agency_staff")
    op.drop_index("accounts_debtor_id_idx", table_name="accounts")
    op.drop_index(
        "accounts_account_id_idx", table_name="accounts", postgresql_where="delinquent_since IS NOT NULL"
    )
    op.drop_table("accounts")
    op.drop_index("staging_debtors_changed_idx", table_name="staging_debtors", postgresql_where="NOT is_new")
    op.drop_table("staging_debtors")
    op.drop_index(
        "staging_accounts_known_idx", table_name="staging_accounts", postgresql_where="step <> 'new'"
    )
    op.drop_table("staging_accounts")
    op.drop_table("staff")
    op.drop_table("sign_in_tries")
    op.drop_index("sessions_subject_id_idx", table_name="sessions")
    op.drop_table("sessions")
    op.drop_table("secret_digests")
    op.drop_table("providers")
    op.drop_table("lenders")
    op.drop_table("lender_keys")
    op.drop_table("leaf_heads")
    op.drop_index("inbox_state_received_at_idx", table_name="inbox")
    op.drop_table("inbox")
    op.drop_index("imports_started_at_idx", table_name="imports")
    op.drop_table("imports")
    op.drop_table("guest_sessions")
    op.drop_table("guest_lenders")
    op.drop_index("form_tokens_used_at_idx", table_name="form_tokens")
    op.drop_table("form_tokens")
    op.drop_index("events_occurred_at_idx", table_name="events")
    op.drop_index("events_debtor_ref_id_idx", table_name="events")
    op.drop_index(
        "events_account_ref_account_sequence_idx",
        table_name="events",
        postgresql_where="account_ref IS NOT NULL",
    )
    op.drop_table("events")
    op.drop_table("endpoints")
    op.drop_table("delivery_hints")
    op.drop_index("debtors_phone_digest_idx", table_name="debtors")
    op.drop_table("debtors")
    op.drop_table("creditors")
    op.drop_index("bounds_currency_state_idx", table_name="bounds")
    op.drop_table("bounds")
    op.drop_table("api_keys")
    op.drop_table("agencies")
    # ### end Alembic commands ###

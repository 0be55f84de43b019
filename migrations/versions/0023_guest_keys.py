"""Keys to the API for the guests of the house; which of them a lender was told of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"
KINDS = "'link', 'client_code', 'api_key', 'login', 'enrollment', 'paper', 'calendar'"
TABLES = ("guest_keys", "guest_windows", "guest_answers", "guest_keys_told")


def upgrade():
    allow(f"{KINDS}, 'guest_key'")
    create_shared_tables()
    op.create_table(
        "guest_keys_told",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lender_id", "api_key_id"),
    )
    op.execute("ALTER TABLE guest_keys_told ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE guest_keys_told FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY own_lender ON guest_keys_told USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})"
    )
    for table in TABLES:
        for role in ("portal_app", "portal_bulk"):
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")


def create_shared_tables():
    op.create_table(
        "guest_keys",
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("audience IN ('counselor', 'trainer')", name="guest_keys_audience_known"),
        sa.PrimaryKeyConstraint("api_key_id"),
    )
    op.create_index("guest_keys_house_id_idx", "guest_keys", ["house_id", "api_key_id"])
    op.create_table(
        "guest_windows",
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["guest_keys.api_key_id"], name="guest_windows_api_key_id_fkey"
        ),
        sa.PrimaryKeyConstraint("api_key_id", "window_started_at"),
    )
    op.create_table(
        "guest_answers",
        sa.Column("key_digest", sa.LargeBinary(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["guest_keys.api_key_id"], name="guest_answers_api_key_id_fkey"
        ),
        sa.PrimaryKeyConstraint("key_digest"),
    )
    op.create_index("guest_answers_created_at_idx", "guest_answers", ["created_at"])


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DELETE FROM secret_digests WHERE kind = 'guest_key'")
    allow(KINDS)


def allow(kinds):
    op.drop_constraint("secret_digests_kind_known", "secret_digests", type_="check")
    op.create_check_constraint("secret_digests_kind_known", "secret_digests", f"kind IN ({kinds})")

"""Codes by which somebody else pays; only their digests."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "gift_codes",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gift_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="gift_codes_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "gift_id"),
        sa.UniqueConstraint("lender_id", "code_digest", name="gift_codes_code_digest_key"),
    )
    op.create_index("gift_codes_account_id_idx", "gift_codes", ["lender_id", "account_id"])
    op.execute("ALTER TABLE gift_codes ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE gift_codes FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON gift_codes USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON gift_codes TO {role}")


def downgrade():
    op.drop_table("gift_codes")

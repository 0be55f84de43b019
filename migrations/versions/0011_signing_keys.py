"""What each lender signs documents with."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "signing_keys",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signing_key_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("root_pem", sa.Text(), nullable=False),
        sa.Column("signer_pem", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lender_id", "signing_key_id"),
        sa.UniqueConstraint("lender_id", "fingerprint", name="signing_keys_fingerprint_key"),
    )
    op.execute("ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE signing_keys FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON signing_keys USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON signing_keys TO {role}")


def downgrade():
    op.drop_table("signing_keys")

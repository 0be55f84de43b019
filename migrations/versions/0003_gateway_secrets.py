"""A lender keeps the signing secret of its payment provider by itself, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "gateway_secrets",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "gateway"),
    )
    op.execute("ALTER TABLE gateway_secrets ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE gateway_secrets FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON gateway_secrets USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_secrets TO {role}")


def downgrade():
    op.drop_table("gateway_secrets")

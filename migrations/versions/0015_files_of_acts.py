"""Files hold more than accounts; an adjustment has the lender's own reference, so that it is told once."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.add_column("imports", sa.Column("kind", sa.Text(), nullable=False, server_default="accounts"))
    op.alter_column("imports", "kind", server_default=None)
    op.create_table(
        "adjustments",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="adjustments_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "reference"),
    )
    op.create_index("adjustments_account_id_idx", "adjustments", ["lender_id", "account_id"])
    op.execute("ALTER TABLE adjustments ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE adjustments FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON adjustments USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON adjustments TO {role}")


def downgrade():
    op.drop_table("adjustments")
    op.drop_column("imports", "kind")

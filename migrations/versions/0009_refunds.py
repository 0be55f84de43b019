"""Money on its way back: who asked, who said yes, what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "refunds",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("refund_ref", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gateway_ref", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'sent', 'declined', 'done', 'failed')", name="refunds_state_known"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "payment_id"],
            ["payments.lender_id", "payments.payment_id"],
            name="refunds_payment_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="refunds_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "refund_id"),
        sa.UniqueConstraint("lender_id", "refund_ref", name="refunds_refund_ref_key"),
    )
    op.create_index("refunds_payment_id_idx", "refunds", ["lender_id", "payment_id"])
    op.create_index("refunds_state_refund_id_idx", "refunds", ["lender_id", "state", "refund_id"])
    op.execute("ALTER TABLE refunds ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE refunds FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON refunds USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON refunds TO {role}")


def downgrade():
    op.drop_table("refunds")

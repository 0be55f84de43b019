"""Sums of the books closed day by day; steps about money that fits no payment."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"
TABLES = ("book_closings", "unmatched_steps")


def upgrade():
    op.create_table(
        "book_closings",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("taken_minor", sa.BigInteger(), nullable=False),
        sa.Column("given_back_minor", sa.BigInteger(), nullable=False),
        sa.Column("settled_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "creditor_id"],
            ["creditors.lender_id", "creditors.creditor_id"],
            name="book_closings_creditor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "creditor_id", "currency", "on_date"),
    )
    op.create_index("book_closings_on_date_idx", "book_closings", ["lender_id", "on_date"])
    op.create_table(
        "unmatched_steps",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("step_ref", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("outside_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'declined', 'done', 'failed')", name="unmatched_steps_state_known"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="unmatched_steps_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "step_id"),
        sa.UniqueConstraint("lender_id", "step_ref", name="unmatched_steps_step_ref_key"),
    )
    op.create_index(
        "unmatched_steps_source_outside_id_idx", "unmatched_steps", ["lender_id", "source", "outside_id"]
    )
    op.create_index("unmatched_steps_state_step_id_idx", "unmatched_steps", ["lender_id", "state", "step_id"])
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_lender ON {table} USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
        for role in ("portal_app", "portal_bulk"):
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)

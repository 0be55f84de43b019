"""Creditors with an account for their money and a range of their own; what was paid out to each."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"
WORDS = ("payout_account", "range_from", "range_to")


def upgrade():
    for word in WORDS:
        op.add_column("creditors", sa.Column(word, sa.Text(), nullable=True))
    op.add_column(
        "book_closings", sa.Column("direct_minor", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.alter_column("book_closings", "direct_minor", server_default=None)
    op.create_table(
        "payouts",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("payout_ref", sa.Text(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "creditor_id"],
            ["creditors.lender_id", "creditors.creditor_id"],
            name="payouts_creditor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "payout_id"),
        sa.UniqueConstraint("lender_id", "payout_ref", name="payouts_payout_ref_key"),
    )
    op.create_index("payouts_creditor_id_on_date_idx", "payouts", ["lender_id", "creditor_id", "on_date"])
    op.execute("ALTER TABLE payouts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payouts FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON payouts USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON payouts TO {role}")


def downgrade():
    op.drop_table("payouts")
    op.drop_column("book_closings", "direct_minor")
    for word in reversed(WORDS):
        op.drop_column("creditors", word)

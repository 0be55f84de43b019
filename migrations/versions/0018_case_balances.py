"""What the case system last said of a balance, beside what the portal had at that moment."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "case_balances",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("principal_minor", sa.BigInteger(), nullable=False),
        sa.Column("interest_minor", sa.BigInteger(), nullable=False),
        sa.Column("fees_minor", sa.BigInteger(), nullable=False),
        sa.Column("ours_minor", sa.BigInteger(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="case_balances_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "account_id"),
    )
    op.execute("ALTER TABLE case_balances ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE case_balances FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON case_balances USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON case_balances TO {role}")


def downgrade():
    op.drop_table("case_balances")

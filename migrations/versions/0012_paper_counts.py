"""The green counter: letters and pages that were not posted, by lender and month."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "paper_counts",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("letters", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "month"),
    )
    op.execute("ALTER TABLE paper_counts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE paper_counts FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON paper_counts USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    op.execute("GRANT SELECT, INSERT, UPDATE ON paper_counts TO portal_app")
    op.execute("GRANT SELECT, INSERT, UPDATE ON paper_counts TO portal_bulk")


def downgrade():
    op.drop_table("paper_counts")

"""When an account was counted as up to date again by a plan that was kept, and what it was before."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "re_ages",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("re_age_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("delinquent_since", sa.Date(), nullable=False),
        sa.Column("re_aged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="re_ages_account_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "agreement_id"],
            ["agreements.lender_id", "agreements.agreement_id"],
            name="re_ages_agreement_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "re_age_id"),
    )
    op.create_index("re_ages_account_id_re_aged_at_idx", "re_ages", ["lender_id", "account_id", "re_aged_at"])
    op.create_index("re_ages_agreement_id_idx", "re_ages", ["lender_id", "agreement_id"])
    op.execute("ALTER TABLE re_ages ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE re_ages FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON re_ages USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON re_ages TO {role}")
    op.add_column(
        "plan_lives", sa.Column("is_re_aged", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("plan_lives", "is_re_aged", server_default=None)


def downgrade():
    op.drop_column("plan_lives", "is_re_aged")
    op.drop_table("re_ages")

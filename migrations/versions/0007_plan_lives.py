"""A signed plan acts by itself: when its next act is due, what was moved, what vested, and how far each row was told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "plan_lives",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("born_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken_on", sa.Date(), nullable=True),
        sa.Column("has_lapsed", sa.Boolean(), nullable=False),
        sa.Column("moves", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("vested_minor", sa.BigInteger(), nullable=False),
        sa.Column("calendar_token", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lender_id", "agreement_id"],
            ["agreements.lender_id", "agreements.agreement_id"],
            name="plan_lives_agreement_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "agreement_id"),
    )
    op.create_index("plan_lives_next_at_idx", "plan_lives", ["lender_id", "next_at"], unique=False)
    op.execute("ALTER TABLE plan_lives ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE plan_lives FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON plan_lives USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON plan_lives TO {role}")
    op.add_column("installments", sa.Column("told", sa.Integer(), nullable=True))
    op.add_column("installments", sa.Column("since", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("installments", "since")
    op.drop_column("installments", "told")
    op.drop_table("plan_lives")

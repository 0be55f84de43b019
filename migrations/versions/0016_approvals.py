"""An offer may need a second person: nothing is accepted without their yes, whatever the code above does."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.add_column("offers", sa.Column("approval", sa.Text(), nullable=True))
    op.create_check_constraint(
        "offers_approval_known", "offers", "approval IN ('waiting', 'approved', 'declined')"
    )
    op.create_check_constraint(
        "offers_accepted_after_approval",
        "offers",
        "state <> 'accepted' OR approval IS NULL OR approval = 'approved'",
    )
    _create_approvals()
    op.create_index(
        "approvals_state_answer_due_at_approval_id_idx",
        "approvals",
        ["lender_id", "state", "answer_due_at", "approval_id"],
    )
    op.execute("ALTER TABLE approvals ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE approvals FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON approvals USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON approvals TO {role}")


def _create_approvals():
    op.create_table(
        "approvals",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("approval_ref", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'declined')", name="approvals_state_known"),
        sa.ForeignKeyConstraint(
            ["lender_id", "offer_id"], ["offers.lender_id", "offers.offer_id"], name="approvals_offer_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "account_id"],
            ["accounts.lender_id", "accounts.account_id"],
            name="approvals_account_id_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["lender_id", "debtor_id"],
            ["debtors.lender_id", "debtors.debtor_id"],
            name="approvals_debtor_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "approval_id"),
        sa.UniqueConstraint("lender_id", "approval_ref", name="approvals_approval_ref_key"),
        sa.UniqueConstraint("lender_id", "offer_id", name="approvals_offer_id_key"),
    )


def downgrade():
    op.drop_table("approvals")
    op.drop_constraint("offers_accepted_after_approval", "offers", type_="check")
    op.drop_constraint("offers_approval_known", "offers", type_="check")
    op.drop_column("offers", "approval")

"""Letters: receipts, statements, quotes, confirmations and the notices that a place asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"
PARENTS = {
    "debtor_id": "debtors",
    "account_id": "accounts",
    "agreement_id": "agreements",
    "payment_id": "payments",
}
INDEXES = (("account_id", "letter_id"), ("debtor_id", "letter_id"), ("document_id",))


def upgrade():
    op.create_table(
        "letters",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("letter_ref", sa.Text(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("html_hash", sa.Text(), nullable=False),
        sa.Column("facts_hash", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("seal_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("print_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lender_id", "letter_id"),
        sa.UniqueConstraint("lender_id", "letter_ref", name="letters_letter_ref_key"),
        *(
            sa.ForeignKeyConstraint(
                ["lender_id", column],
                [f"{parent}.lender_id", f"{parent}.{column}"],
                name=f"letters_{column}_fkey",
            )
            for column, parent in PARENTS.items()
        ),
    )
    for columns in INDEXES:
        op.create_index(f"letters_{'_'.join(columns)}_idx", "letters", ["lender_id", *columns])
    op.execute("ALTER TABLE letters ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE letters FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON letters USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    for role in ("portal_app", "portal_bulk"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON letters TO {role}")


def downgrade():
    op.drop_table("letters")

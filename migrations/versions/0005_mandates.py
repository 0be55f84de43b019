"""What debtors allowed to be collected, word by word, and each debit that was told to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "mandates",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("mandate_ref", sa.Text(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("terms_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_ref", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("method_ref", sa.Text(), nullable=True),
        sa.Column("setup_ref", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'active', 'canceled', 'replaced', 'lapsed')", name="mandates_state_known"
        ),
        *_belongs("mandates", debtor_id="debtors", account_id="accounts", agreement_id="agreements"),
        sa.PrimaryKeyConstraint("lender_id", "mandate_id"),
        sa.UniqueConstraint("lender_id", "mandate_ref", name="mandates_mandate_ref_key"),
    )
    op.create_table(
        "debits",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("debit_id", sa.Uuid(), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("debit_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('told', 'taking', 'failed', 'stopped', 'done')", name="debits_state_known"
        ),
        *_belongs("debits", mandate_id="mandates", account_id="accounts", agreement_id="agreements"),
        sa.PrimaryKeyConstraint("lender_id", "debit_id"),
        sa.UniqueConstraint("lender_id", "agreement_id", "number", name="debits_agreement_id_number_key"),
    )
    for table, columns in INDEXES:
        op.create_index(f"{table}_{'_'.join(columns)}_idx", table, ["lender_id", *columns])
    for table in ("mandates", "debits"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_lender ON {table} USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
        for role in ("portal_app", "portal_bulk"):
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")


def downgrade():
    op.drop_table("debits")
    op.drop_table("mandates")


INDEXES = (
    ("mandates", ("agreement_id",)),
    ("mandates", ("debtor_id",)),
    ("mandates", ("method_ref",)),
    ("mandates", ("state", "mandate_id")),
    ("debits", ("payment_id",)),
    ("debits", ("state", "debit_on", "debit_id")),
)


def _belongs(table, **parents):
    return [
        sa.ForeignKeyConstraint(
            ["lender_id", column], [f"{parent}.lender_id", f"{parent}.{column}"], name=f"{table}_{column}_fkey"
        )
        for column, parent in parents.items()
    ]

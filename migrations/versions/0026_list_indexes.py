"""Lists by what few accounts are: of one creditor, on time, not open, held."""

from alembic import op

revision = "0026"
down_revision = "0025"

INDEXES = (
    ("accounts_creditor_id_account_id_idx", "accounts", ["lender_id", "creditor_id", "account_id"], None),
    ("accounts_on_time_idx", "accounts", ["lender_id", "account_id"], "delinquent_since IS NULL"),
    ("accounts_state_account_id_idx", "accounts", ["lender_id", "state", "account_id"], "state <> 'open'"),
    ("holds_in_force_idx", "holds", ["lender_id", "account_id"], "released_at IS NULL"),
)


def upgrade():
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, postgresql_where=where)


def downgrade():
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table_name=table)

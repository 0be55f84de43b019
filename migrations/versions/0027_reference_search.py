"""References are searched by their beginning, byte by byte, whatever the order of the database is."""

from alembic import op

revision = "0027"
down_revision = "0026"

NAME = "accounts_ref_by_bytes_idx"


def upgrade():
    op.create_index(
        NAME, "accounts", ["lender_id", "account_ref"], postgresql_ops={"account_ref": "text_pattern_ops"}
    )


def downgrade():
    op.drop_index(NAME, table_name="accounts")

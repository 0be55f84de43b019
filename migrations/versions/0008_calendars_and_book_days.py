"""A plan's calendar has a private address; the books of a day are found by the day."""

from alembic import op

revision = "0008"
down_revision = "0007"

KINDS = "'link', 'client_code', 'api_key', 'login', 'enrollment', 'paper'"


def upgrade():
    allow(f"{KINDS}, 'calendar'")
    op.create_index("ledger_entries_on_date_idx", "ledger_entries", ["lender_id", "on_date"], unique=False)


def downgrade():
    op.drop_index("ledger_entries_on_date_idx", table_name="ledger_entries")
    op.execute("DELETE FROM secret_digests WHERE kind = 'calendar'")
    allow(KINDS)


def allow(kinds):
    op.drop_constraint("secret_digests_kind_known", "secret_digests", type_="check")
    op.create_check_constraint("secret_digests_kind_known", "secret_digests", f"kind IN ({kinds})")

"""The sealed log: what was hashed, the full tiles above it, signed heads, their time stamps and the signing keys; papers by code."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

APPEND_ONLY = ["sealed_leaves", "tiles", "checkpoints", "time_stamps"]
KINDS = ["link", "client_code", "api_key", "login", "enrollment"]
OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    create_tables()
    for table in [*APPEND_ONLY, "log_keys"]:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_lender ON {table} USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
        rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE"
        op.execute(f"GRANT {rights} ON {table} TO portal_app")
        op.execute(f"GRANT {rights} ON {table} TO portal_bulk")
    op.execute("REVOKE UPDATE, DELETE ON leaves FROM portal_app, portal_bulk")
    _know_kinds([*KINDS, "paper"])


def downgrade():
    op.execute("DELETE FROM secret_digests WHERE kind = 'paper'")
    _know_kinds(KINDS)
    op.execute("GRANT UPDATE, DELETE ON leaves TO portal_app, portal_bulk")
    for table in ["log_keys", "time_stamps", "checkpoints", "tiles", "sealed_leaves"]:
        op.drop_table(table)


def _know_kinds(kinds):
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.drop_constraint("secret_digests_kind_known", "secret_digests", type_="check")
    op.create_check_constraint("secret_digests_kind_known", "secret_digests", f"kind IN ({listed})")


def create_tables():
    op.create_table(
        "sealed_leaves",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "position"], ["leaves.lender_id", "leaves.position"], name="sealed_leaves_position_fkey"
        ),
        sa.PrimaryKeyConstraint("lender_id", "position"),
    )
    op.create_table(
        "tiles",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "level", "number"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lender_id", "size"),
    )
    op.create_table(
        "time_stamps",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "size"], ["checkpoints.lender_id", "checkpoints.size"], name="time_stamps_size_fkey"
        ),
        sa.PrimaryKeyConstraint("lender_id", "size"),
    )
    op.create_table(
        "log_keys",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("log_key_id", sa.Uuid(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lender_id", "log_key_id"),
    )

"""A file may wait for its import: sealed, in pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

OWN_LENDER = "lender_id = nullif(current_setting('app.lender_id', true), '')::bigint"


def upgrade():
    op.create_table(
        "import_files",
        sa.Column("lender_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lender_id", "import_id"],
            ["imports.lender_id", "imports.import_id"],
            name="import_files_import_id_fkey",
        ),
        sa.PrimaryKeyConstraint("lender_id", "import_id", "position"),
    )
    op.execute("ALTER TABLE import_files ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE import_files FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_lender ON import_files USING ({OWN_LENDER}) WITH CHECK ({OWN_LENDER})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON import_files TO portal_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON import_files TO portal_bulk")


def downgrade():
    op.drop_table("import_files")

"""An offer may change a running plan: it names the agreement that it would amend; a version leads to the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade():
    op.add_column("offers", sa.Column("amends_id", sa.Uuid(), nullable=True))
    op.add_column("offers", sa.Column("change_kind", sa.Text(), nullable=True))
    op.create_index("agreements_amends_id_idx", "agreements", ["lender_id", "amends_id"])


def downgrade():
    op.drop_index("agreements_amends_id_idx", table_name="agreements")
    op.drop_column("offers", "change_kind")
    op.drop_column("offers", "amends_id")

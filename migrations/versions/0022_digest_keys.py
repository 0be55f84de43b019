"""Keys of look-up digests can be changed: a new one waits until every process knows it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade():
    in_use = sa.Column("is_in_use", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("lender_keys", in_use)
    op.alter_column("lender_keys", "is_in_use", server_default=None)
    digests = sa.Column("phone_digests", sa.ARRAY(sa.LargeBinary()), nullable=False, server_default="{}")
    op.add_column("staging_debtors", digests)
    op.alter_column("staging_debtors", "phone_digests", server_default=None)


def downgrade():
    op.drop_column("staging_debtors", "phone_digests")
    op.drop_column("lender_keys", "is_in_use")

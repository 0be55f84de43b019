"""What is known of a payment is kept with it, whatever order it was told in; the way it came; what was promised."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("payments", sa.Column("returned_minor", sa.BigInteger(), nullable=True))
    op.add_column("payments", sa.Column("channel", sa.Text(), nullable=True))
    op.add_column("payments", sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("payments", sa.Column("quote", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute("ALTER TABLE payments NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE payments SET channel = 'portal',"
        " returned_minor = CASE WHEN state = 'returned' THEN amount_minor - refunded_minor ELSE 0 END"
    )
    op.execute(
        "UPDATE payments SET facts = jsonb_build_object('refunded_so_far', refunded_minor,"
        " 'took', jsonb_build_object('minor', amount_minor, 'on', value_on)) WHERE value_on IS NOT NULL"
    )
    op.execute("ALTER TABLE payments FORCE ROW LEVEL SECURITY")
    op.alter_column("payments", "returned_minor", nullable=False)
    op.alter_column("payments", "channel", nullable=False)


def downgrade():
    op.drop_column("payments", "quote")
    op.drop_column("payments", "facts")
    op.drop_column("payments", "channel")
    op.drop_column("payments", "returned_minor")

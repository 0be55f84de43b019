"""When a consent to electronic records was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade():
    op.add_column("agreements", sa.Column("consent_ended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("agreements", "consent_ended_at")

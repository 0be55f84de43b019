"""Offers whose last day is over are found by it."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade():
    op.create_index(
        "offers_state_expires_on_idx", "offers", ["lender_id", "state", "expires_on"], unique=False
    )


def downgrade():
    op.drop_index("offers_state_expires_on_idx", table_name="offers")

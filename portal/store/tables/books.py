"""What the books keep beside the ledger: sums closed day by day, and steps about money that fits nothing."""

from sqlalchemy import Column, Date, Text

from portal.store.tables.base import (
    at,
    belongs_to,
    index,
    key,
    minor,
    ref,
    state,
    tenant_table,
    text,
    unique,
)

book_closings = tenant_table(
    "book_closings",
    key("creditor_id"),
    Column("currency", Text, primary_key=True),
    Column("on_date", Date, primary_key=True),
    minor("taken_minor"),
    minor("given_back_minor"),
    minor("settled_minor"),
    minor("direct_minor"),
    belongs_to("book_closings", "creditor_id", "creditors"),
    index("book_closings", "on_date"),
)

payouts = tenant_table(
    "payouts",
    key("payout_id"),
    text("payout_ref"),
    ref("creditor_id"),
    text("currency"),
    minor("amount_minor"),
    Column("on_date", Date, nullable=False),
    text("reference"),
    text("made_by"),
    at("made_at"),
    unique("payouts", "payout_ref"),
    belongs_to("payouts", "creditor_id", "creditors"),
    index("payouts", "creditor_id", "on_date"),
)

unmatched_steps = tenant_table(
    "unmatched_steps",
    key("step_id"),
    text("step_ref"),
    text("source"),
    text("outside_id"),
    text("kind"),
    ref("account_id", required=False),
    minor("amount_minor"),
    text("currency"),
    *state("unmatched_steps", "unmatched_step"),
    text("asked_by"),
    at("asked_at"),
    text("decided_by", required=False),
    at("decided_at", required=False),
    at("ended_at", required=False),
    unique("unmatched_steps", "step_ref"),
    belongs_to("unmatched_steps", "account_id", "accounts"),
    index("unmatched_steps", "source", "outside_id"),
    index("unmatched_steps", "state", "step_id"),
)

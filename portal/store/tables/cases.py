"""The negotiation: bounds, cases, decisions, offers, asks, hand-offs, proposals."""

from sqlalchemy import Column, Date, Integer, LargeBinary, Text

from portal.store.tables.base import (
    at,
    belongs_to,
    document,
    index,
    key,
    ref,
    sealed,
    state,
    tenant_table,
    text,
    unique,
)

bounds = tenant_table(
    "bounds",
    key("bounds_id"),
    text("name"),
    text("currency"),
    Column("version", Integer, nullable=False),
    *state("bounds", "bounds"),
    document("body"),
    Column("body_digest", LargeBinary, nullable=False),
    ref("made_by", required=False),
    ref("approved_by", required=False),
    document("review", required=False),
    at("made_at"),
    at("active_from", required=False),
    at("retired_at", required=False),
    unique("bounds", "name", "version"),
    index("bounds", "currency", "state"),
)

cases = tenant_table(
    "cases",
    key("case_id"),
    text("case_ref"),
    ref("debtor_id"),
    ref("bounds_id"),
    text("currency"),
    *state("cases", "case"),
    document("facts"),
    Column("asks_count", Integer, nullable=False),
    at("asks_since"),
    Column("decision_digest", Text, nullable=True),
    at("opened_at"),
    at("updated_at"),
    unique("cases", "case_ref"),
    belongs_to("cases", "debtor_id", "debtors"),
    belongs_to("cases", "bounds_id", "bounds"),
    index("cases", "debtor_id"),
)

case_accounts = tenant_table(
    "case_accounts",
    key("case_id"),
    key("account_id"),
    belongs_to("case_accounts", "case_id", "cases"),
    belongs_to("case_accounts", "account_id", "accounts"),
    index("case_accounts", "account_id"),
)

decisions = tenant_table(
    "decisions",
    key("decision_id"),
    ref("case_id"),
    text("prev_hash", required=False),
    document("row"),
    text("hash"),
    at("decided_at"),
    belongs_to("decisions", "case_id", "cases"),
    index("decisions", "case_id", "decided_at"),
)

offers = tenant_table(
    "offers",
    key("offer_id"),
    text("offer_ref"),
    ref("case_id"),
    text("plan_id"),
    text("family"),
    document("plan"),
    text("plan_hash"),
    text("facts_hash"),
    ref("bounds_id"),
    Column("stage", Integer, nullable=False),
    document("reason_codes"),
    *state("offers", "offer"),
    Column("expires_on", Date, nullable=False),
    at("shown_at"),
    unique("offers", "offer_ref"),
    unique("offers", "case_id", "plan_hash"),
    belongs_to("offers", "case_id", "cases"),
    belongs_to("offers", "bounds_id", "bounds"),
)

asks = tenant_table(
    "asks",
    key("ask_id"),
    ref("case_id"),
    document("terms"),
    text("answer_kind"),
    document("answer"),
    at("asked_at"),
    belongs_to("asks", "case_id", "cases"),
    index("asks", "case_id", "asked_at"),
)

handoffs = tenant_table(
    "handoffs",
    key("handoff_id"),
    text("handoff_ref"),
    ref("case_id", required=False),
    ref("debtor_id"),
    ref("account_id", required=False),
    text("cause"),
    document("packet"),
    sealed("words"),
    *state("handoffs", "handoff"),
    at("opened_at"),
    at("answer_due_at"),
    at("answered_at", required=False),
    ref("answered_by", required=False),
    document("answer", required=False),
    sealed("answer_words"),
    unique("handoffs", "handoff_ref"),
    belongs_to("handoffs", "case_id", "cases"),
    belongs_to("handoffs", "debtor_id", "debtors"),
    index("handoffs", "state", "answer_due_at"),
)

proposals = tenant_table(
    "proposals",
    key("proposal_id"),
    text("proposal_ref"),
    ref("grant_id"),
    ref("case_id"),
    ref("offer_id", required=False),
    document("terms"),
    document("answer"),
    *state("proposals", "proposal"),
    at("proposed_at"),
    unique("proposals", "proposal_ref"),
    belongs_to("proposals", "grant_id", "grants"),
    belongs_to("proposals", "case_id", "cases"),
    belongs_to("proposals", "offer_id", "offers"),
    index("proposals", "case_id"),
    index("proposals", "grant_id"),
    index("proposals", "offer_id"),
)

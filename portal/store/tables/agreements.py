from sqlalchemy import Column, Date, Integer, Text

from portal.store.tables.base import (
    at,
    belongs_to,
    document,
    index,
    key,
    minor,
    ref,
    sealed,
    state,
    tenant_table,
    text,
    unique,
)

agreements = tenant_table(
    "agreements",
    key("agreement_id"),
    text("agreement_ref"),
    ref("case_id"),
    ref("debtor_id"),
    ref("offer_id"),
    Column("version", Integer, nullable=False),
    ref("amends_id", required=False),
    *state("agreements", "agreement"),
    text("language"),
    Column("terms_json", Text, nullable=False),
    text("terms_hash"),
    Column("html", Text, nullable=False),
    text("html_hash"),
    document("text_versions"),
    sealed("signer_name"),
    document("signing_log"),
    at("prepared_at"),
    at("viewed_at", required=False),
    at("consented_at", required=False),
    at("consent_ended_at", required=False),
    at("signed_at", required=False),
    at("withdraw_until", required=False),
    at("ended_at", required=False),
    unique("agreements", "agreement_ref"),
    belongs_to("agreements", "case_id", "cases"),
    belongs_to("agreements", "debtor_id", "debtors"),
    belongs_to("agreements", "offer_id", "offers"),
    index("agreements", "debtor_id"),
    index("agreements", "amends_id"),
)

agreement_accounts = tenant_table(
    "agreement_accounts",
    key("agreement_id"),
    key("account_id"),
    belongs_to("agreement_accounts", "agreement_id", "agreements"),
    belongs_to("agreement_accounts", "account_id", "accounts"),
    index("agreement_accounts", "account_id"),
)

active_agreements = tenant_table(
    "active_agreements",
    key("account_id"),
    ref("agreement_id"),
    belongs_to("active_agreements", "account_id", "accounts"),
    belongs_to("active_agreements", "agreement_id", "agreements"),
)

installments = tenant_table(
    "installments",
    key("agreement_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("due_on", Date, nullable=False),
    minor("amount_minor"),
    minor("principal_minor"),
    minor("interest_minor"),
    minor("paid_minor"),
    *state("installments", "installment"),
    Column("told", Integer, nullable=True),
    at("since", required=False),
    belongs_to("installments", "agreement_id", "agreements"),
    index("installments", "state", "due_on"),
)

enrollments = tenant_table(
    "enrollments",
    key("enrollment_id"),
    text("enrollment_code"),
    ref("agreement_id"),
    ref("provider_id"),
    ref("course_id"),
    *state("enrollments", "enrollment"),
    at("chosen_at"),
    at("ended_at", required=False),
    unique("enrollments", "enrollment_code"),
    belongs_to("enrollments", "agreement_id", "agreements"),
    index("enrollments", "provider_id"),
)

milestones = tenant_table(
    "milestones",
    key("enrollment_id"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text("kind"),
    Column("due_by", Date, nullable=False),
    document("reward"),
    *state("milestones", "milestone"),
    at("verified_at", required=False),
    text("evidence", required=False),
    belongs_to("milestones", "enrollment_id", "enrollments"),
)

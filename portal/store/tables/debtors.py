from sqlalchemy import Column, Date, Index, Integer, LargeBinary, Numeric

from portal.store.tables.base import (
    at,
    belongs_to,
    digest,
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

debtors = tenant_table(
    "debtors",
    key("debtor_id"),
    text("debtor_ref"),
    text("source_ref"),
    sealed("full_name", required=True),
    sealed("birth_date"),
    sealed("id_last4"),
    sealed("phone"),
    digest("phone_digest"),
    sealed("email"),
    sealed("monthly_income"),
    text("language"),
    text("country"),
    text("region", required=False),
    text("time_zone"),
    text("security_word"),
    document("preferences"),
    Column("identity_tries", Integer, nullable=False),
    at("phone_confirmed_at", required=False),
    at("wrong_party_at", required=False),
    at("messages_stopped_at", required=False),
    digest("row_digest"),
    ref("import_id", required=False),
    at("created_at"),
    at("updated_at"),
    unique("debtors", "debtor_ref"),
    unique("debtors", "source_ref"),
    index("debtors", "phone_digest"),
)

debtor_words = tenant_table(
    "debtor_words",
    digest("word_digest", required=True, in_key=True),
    key("debtor_id"),
    belongs_to("debtor_words", "debtor_id", "debtors"),
)

accounts = tenant_table(
    "accounts",
    key("account_id"),
    text("account_ref"),
    ref("creditor_id"),
    ref("debtor_id"),
    text("product"),
    text("currency"),
    minor("principal_minor"),
    minor("interest_minor"),
    minor("fees_minor"),
    minor("original_minor"),
    Column("annual_rate", Numeric(9, 6), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("delinquent_since", Date, nullable=True),
    Column("last_payment_on", Date, nullable=True),
    at("as_of"),
    *state("accounts", "account"),
    Column("event_sequence", Integer, nullable=False),
    digest("row_digest", required=True),
    ref("import_id", required=False),
    at("created_at"),
    at("updated_at"),
    unique("accounts", "account_ref"),
    belongs_to("accounts", "creditor_id", "creditors"),
    belongs_to("accounts", "debtor_id", "debtors"),
    index("accounts", "debtor_id"),
    index("accounts", "creditor_id", "account_id"),
    index("accounts", "account_id", postgresql_where="delinquent_since IS NOT NULL"),
    Index("accounts_on_time_idx", "lender_id", "account_id", postgresql_where="delinquent_since IS NULL"),
    index("accounts", "state", "account_id", postgresql_where="state <> 'open'"),
    Index(
        "accounts_ref_by_bytes_idx",
        "lender_id",
        "account_ref",
        postgresql_ops={"account_ref": "text_pattern_ops"},
    ),
)

case_balances = tenant_table(
    "case_balances",
    key("account_id"),
    minor("principal_minor"),
    minor("interest_minor"),
    minor("fees_minor"),
    minor("ours_minor"),
    text("effect"),
    at("told_at"),
    belongs_to("case_balances", "account_id", "accounts"),
)

account_lines = tenant_table(
    "account_lines",
    key("account_id"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text("kind"),
    text("label_key"),
    Column("on_date", Date, nullable=True),
    minor("amount_minor"),
    belongs_to("account_lines", "account_id", "accounts"),
)

holds = tenant_table(
    "holds",
    key("hold_id"),
    ref("account_id"),
    text("kind"),
    at("since"),
    at("until", required=False),
    at("released_at", required=False),
    belongs_to("holds", "account_id", "accounts"),
    index("holds", "account_id"),
    Index("holds_in_force_idx", "lender_id", "account_id", postgresql_where="released_at IS NULL"),
)

budgets = tenant_table(
    "budgets",
    key("budget_id"),
    ref("debtor_id"),
    sealed("form", required=True),
    text("evidence"),
    at("recorded_at"),
    belongs_to("budgets", "debtor_id", "debtors"),
    index("budgets", "debtor_id", "recorded_at"),
)

imports = tenant_table(
    "imports",
    key("import_id"),
    text("kind"),
    Column("file_digest", LargeBinary, nullable=False),
    text("file_name"),
    text("state"),
    document("counts"),
    document("mapping"),
    at("started_at"),
    at("finished_at", required=False),
    index("imports", "started_at"),
)

import_rejects = tenant_table(
    "import_rejects",
    key("import_id"),
    Column("row_number", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text("column_name"),
    text("reason"),
    sealed("details", required=True),
    belongs_to("import_rejects", "import_id", "imports"),
)

import_files = tenant_table(
    "import_files",
    key("import_id"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    sealed("content", required=True),
    belongs_to("import_files", "import_id", "imports"),
)

disputes = tenant_table(
    "disputes",
    key("dispute_id"),
    text("dispute_ref"),
    ref("account_id"),
    text("reason"),
    sealed("words"),
    *state("disputes", "dispute"),
    at("opened_at"),
    at("answer_due_at"),
    at("answered_at", required=False),
    sealed("answer"),
    unique("disputes", "dispute_ref"),
    belongs_to("disputes", "account_id", "accounts"),
    index("disputes", "account_id"),
    index("disputes", "state", "answer_due_at"),
)

complaints = tenant_table(
    "complaints",
    key("complaint_id"),
    text("complaint_ref"),
    ref("debtor_id"),
    sealed("words", required=True),
    *state("complaints", "complaint"),
    at("opened_at"),
    at("answer_due_at"),
    at("answered_at", required=False),
    sealed("answer"),
    unique("complaints", "complaint_ref"),
    belongs_to("complaints", "debtor_id", "debtors"),
    index("complaints", "state", "answer_due_at"),
)

"""Rows of an import on their way in (design rule: SCALE.md 11)."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    Uuid,
)

from portal.store.tables.base import staging_table

staging_debtors = staging_table(
    "staging_debtors",
    Column("import_id", Uuid, primary_key=True),
    Column("row_number", Integer, primary_key=True, autoincrement=False),
    Column("is_new", Boolean, nullable=False),
    Column("debtor_id", Uuid, nullable=False),
    Column("debtor_ref", Text, nullable=False),
    Column("source_ref", Text, nullable=False),
    Column("full_name", LargeBinary, nullable=False),
    Column("birth_date", LargeBinary, nullable=True),
    Column("id_last4", LargeBinary, nullable=True),
    Column("phone", LargeBinary, nullable=True),
    Column("phone_digest", LargeBinary, nullable=True),
    Column("email", LargeBinary, nullable=True),
    Column("monthly_income", LargeBinary, nullable=True),
    Column("language", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("region", Text, nullable=True),
    Column("time_zone", Text, nullable=False),
    Column("security_word", Text, nullable=False),
    Column("row_digest", LargeBinary, nullable=False),
    Column("word_digests", ARRAY(LargeBinary), nullable=False),
    Column("phone_digests", ARRAY(LargeBinary), nullable=False),
    Index(
        "staging_debtors_changed_idx", "lender_id", "import_id", "debtor_id", postgresql_where="NOT is_new"
    ),
)

staging_accounts = staging_table(
    "staging_accounts",
    Column("import_id", Uuid, primary_key=True),
    Column("row_number", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("account_ref", Text, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("debtor_id", Uuid, nullable=False),
    Column("product", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("principal_minor", BigInteger, nullable=False),
    Column("interest_minor", BigInteger, nullable=False),
    Column("fees_minor", BigInteger, nullable=False),
    Column("original_minor", BigInteger, nullable=False),
    Column("annual_rate", Numeric(9, 6), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("delinquent_since", Date, nullable=True),
    Column("last_payment_on", Date, nullable=True),
    Column("state", Text, nullable=False),
    Column("row_digest", LargeBinary, nullable=False),
    Index(
        "staging_accounts_known_idx", "lender_id", "import_id", "account_id", postgresql_where="step <> 'new'"
    ),
    CheckConstraint("step IN ('new', 'change', 'same')", name="staging_accounts_step_known"),
)

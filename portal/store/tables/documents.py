"""Files that were made for people, sealed because they hold names, and what they are signed with."""

from sqlalchemy import BigInteger, Column, Date, Text

from portal.store.tables.base import at, belongs_to, index, key, ref, sealed, tenant_table, text, unique

documents = tenant_table(
    "documents",
    key("document_id"),
    text("document_ref"),
    ref("debtor_id"),
    ref("agreement_id", required=False),
    ref("payment_id", required=False),
    text("kind"),
    text("media_type"),
    sealed("content", required=True),
    text("content_hash"),
    at("made_at"),
    unique("documents", "document_ref"),
    belongs_to("documents", "debtor_id", "debtors"),
    index("documents", "agreement_id"),
)

signing_keys = tenant_table(
    "signing_keys",
    key("signing_key_id"),
    text("fingerprint"),
    Column("root_pem", Text, nullable=False),
    Column("signer_pem", Text, nullable=False),
    sealed("secret", required=True),
    at("created_at"),
    at("retired_at", required=False),
    unique("signing_keys", "fingerprint"),
)

paper_counts = tenant_table(
    "paper_counts",
    Column("month", Date, primary_key=True, autoincrement=False),
    Column("letters", BigInteger, nullable=False),
    Column("pages", BigInteger, nullable=False),
)

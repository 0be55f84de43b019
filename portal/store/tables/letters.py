"""Letters: what one says, as sealed data and as the sealed text that was shown, and the PDF that was made of it."""

from sqlalchemy import Column, Date

from portal.store.tables.base import at, belongs_to, index, key, ref, sealed, tenant_table, text, unique

letters = tenant_table(
    "letters",
    key("letter_id"),
    text("letter_ref"),
    ref("debtor_id"),
    ref("account_id"),
    ref("agreement_id", required=False),
    ref("payment_id", required=False),
    text("kind"),
    text("topic"),
    text("language"),
    sealed("content", required=True),
    sealed("html", required=True),
    text("content_hash"),
    text("html_hash"),
    text("facts_hash"),
    Column("valid_until", Date, nullable=True),
    ref("document_id", required=False),
    ref("seal_id", required=False),
    at("issued_at"),
    at("print_asked_at", required=False),
    at("replaced_at", required=False),
    unique("letters", "letter_ref"),
    belongs_to("letters", "debtor_id", "debtors"),
    belongs_to("letters", "account_id", "accounts"),
    belongs_to("letters", "agreement_id", "agreements"),
    belongs_to("letters", "payment_id", "payments"),
    index("letters", "account_id", "letter_id"),
    index("letters", "debtor_id", "letter_id"),
    index("letters", "document_id"),
)

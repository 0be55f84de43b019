from sqlalchemy import Column, Date, Integer

from portal.store.tables.base import at, belongs_to, document, index, key, ref, tenant_table, text

erasures = tenant_table(
    "erasures",
    key("erasure_id"),
    ref("debtor_id"),
    text("reason"),
    document("gone"),
    document("kept"),
    document("because"),
    Column("until", Date, nullable=True),
    Column("row_count", Integer, nullable=False),
    at("erased_at"),
    belongs_to("erasures", "debtor_id", "debtors"),
    index("erasures", "debtor_id"),
)

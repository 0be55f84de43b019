"""Every committed event has a place in its lender's log: the leaf of the evidence tree, the cursor of the feed."""

from sqlalchemy import BigInteger, Column

from portal.store.tables.base import belongs_to, ref, tenant_table, unique

leaf_heads = tenant_table("leaf_heads", Column("size", BigInteger, nullable=False))

leaves = tenant_table(
    "leaves",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    ref("event_id"),
    unique("leaves", "event_id"),
    belongs_to("leaves", "event_id", "events", "id"),
)

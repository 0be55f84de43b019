from sqlalchemy import Boolean, Column, Date

from portal.store.tables.base import at, belongs_to, document, index, key, minor, sealed, tenant_table, text

plan_lives = tenant_table(
    "plan_lives",
    key("agreement_id"),
    text("time_zone"),
    at("born_at"),
    at("as_of"),
    at("next_at", required=False),
    Column("broken_on", Date, nullable=True),
    Column("has_lapsed", Boolean, nullable=False),
    document("moves"),
    minor("vested_minor"),
    sealed("calendar_token"),
    belongs_to("plan_lives", "agreement_id", "agreements"),
    index("plan_lives", "next_at"),
)

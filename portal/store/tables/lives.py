from sqlalchemy import Boolean, Column, Date

from portal.store.tables.base import (
    at,
    belongs_to,
    document,
    index,
    key,
    minor,
    ref,
    sealed,
    tenant_table,
    text,
)

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
    Column("is_re_aged", Boolean, nullable=False),
    sealed("calendar_token"),
    belongs_to("plan_lives", "agreement_id", "agreements"),
    index("plan_lives", "next_at"),
)

re_ages = tenant_table(
    "re_ages",
    key("re_age_id"),
    ref("account_id"),
    ref("agreement_id"),
    Column("delinquent_since", Date, nullable=False),
    at("re_aged_at"),
    at("undone_at", required=False),
    belongs_to("re_ages", "account_id", "accounts"),
    belongs_to("re_ages", "agreement_id", "agreements"),
    index("re_ages", "account_id", "re_aged_at"),
    index("re_ages", "agreement_id"),
)

from portal.store.tables.base import (
    at,
    belongs_to,
    digest,
    index,
    key,
    minor,
    ref,
    tenant_table,
    text,
    unique,
)

gift_codes = tenant_table(
    "gift_codes",
    key("gift_id"),
    digest("code_digest", required=True),
    ref("account_id"),
    minor("amount_minor"),
    text("currency"),
    at("made_at"),
    at("expires_at"),
    at("ended_at", required=False),
    unique("gift_codes", "code_digest"),
    belongs_to("gift_codes", "account_id", "accounts"),
    index("gift_codes", "account_id"),
)

from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Text

from portal.store.tables.base import at
from portal.store.tables.base import belongs_to
from portal.store.tables.base import document
from portal.store.tables.base import index
from portal.store.tables.base import key
from portal.store.tables.base import minor
from portal.store.tables.base import ref
from portal.store.tables.base import state
from portal.store.tables.base import tenant_table
from portal.store.tables.base import text
from portal.store.tables.base import unique

payments = tenant_table(
    "payments",
    key("payment_id"),
    text("payment_ref"),
    ref("debtor_id"),
    ref("account_id"),
    ref("agreement_id", required=False),
    text("currency"),
    minor("amount_minor"),
    minor("refunded_minor"),
    text("purpose"),
    text("gateway"),
    text("method", required=False),
    text("gateway_session", required=False),
    text("gateway_ref", required=False),
    text("decline_code", required=False),
    *state("payments", "payment"),
    at("started_at"),
    at("settled_at", required=False),
    Column("value_on", Date, nullable=True),
    document("allocation", required=False),
    text("receipt_number", required=False),
    unique("payments", "payment_ref"),
    belongs_to("payments", "debtor_id", "debtors"),
    belongs_to("payments", "account_id", "accounts"),
    belongs_to("payments", "agreement_id", "agreements"),
    index("payments", "gateway_session"),
    index("payments", "gateway_ref"),
    index("payments", "account_id", "started_at"),
    index("payments", "state", "started_at"),
)

ledger_entries = tenant_table(
    "ledger_entries",
    key("posting_id"),
    Column("line", Integer, primary_key=True, autoincrement=False),
    ref("account_id"),
    text("book"),
    text("currency"),
    minor("amount_minor"),
    Column("on_date", Date, nullable=False),
    text("cause"),
    ref("payment_id", required=False),
    at("booked_at"),
    belongs_to("ledger_entries", "account_id", "accounts"),
    index("ledger_entries", "account_id", "booked_at"),
)

inbox = tenant_table(
    "inbox",
    Column("source", Text, primary_key=True),
    Column("outside_id", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    text("state"),
    at("received_at"),
    at("done_at", required=False),
    index("inbox", "state", "received_at"),
)

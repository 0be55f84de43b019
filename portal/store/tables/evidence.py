"""Every committed event has a place in its lender's log; the log is sealed as a Merkle tree with signed heads.

`leaves` numbers the events (the cursor of the feed), `sealed_leaves` keeps what was hashed, `tiles` the full tiles of
the tree above (core/evidence/tiles.py). All of them only ever gain rows: the app role may not change one.
"""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, LargeBinary, SmallInteger

from portal.store.tables.base import at, belongs_to, key, ref, sealed, tenant_table, text, unique

leaf_heads = tenant_table("leaf_heads", Column("size", BigInteger, nullable=False))

leaves = tenant_table(
    "leaves",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    ref("event_id"),
    unique("leaves", "event_id"),
    belongs_to("leaves", "event_id", "events", "id"),
)

sealed_leaves = tenant_table(
    "sealed_leaves",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    belongs_to("sealed_leaves", "position", "leaves"),
)

tiles = tenant_table(
    "tiles",
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
)

checkpoints = tenant_table(
    "checkpoints",
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    at("sealed_at"),
    text("note"),
)

time_stamps = tenant_table(
    "time_stamps",
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    text("authority"),
    Column("token", LargeBinary, nullable=False),
    at("stamped_at"),
    ForeignKeyConstraint(
        ["lender_id", "size"], ["checkpoints.lender_id", "checkpoints.size"], name="time_stamps_size_fkey"
    ),
)

log_keys = tenant_table(
    "log_keys",
    key("log_key_id"),
    text("algorithm"),
    Column("public_key", LargeBinary, nullable=False),
    sealed("seed", required=True),
    at("created_at"),
    at("retired_at", required=False),
)

"""The tables, one file per noun; importing this package fills `metadata`."""

from portal.store.tables import agreements
from portal.store.tables import cases
from portal.store.tables import debtors
from portal.store.tables import events
from portal.store.tables import identity
from portal.store.tables import lenders
from portal.store.tables import payments
from portal.store.tables import shared
from portal.store.tables.base import metadata
from portal.store.tables.base import tenant_tables

__all__ = [
    "agreements", "cases", "debtors", "events", "identity", "lenders", "metadata", "payments", "shared", "tenant_tables",
]

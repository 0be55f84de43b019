"""The tables, one file per noun; importing this package fills `metadata`."""

from portal.store.tables import agreements, cases, debtors, events, identity, lenders, payments, shared
from portal.store.tables.base import metadata, tenant_tables

__all__ = [
    "agreements",
    "cases",
    "debtors",
    "events",
    "identity",
    "lenders",
    "metadata",
    "payments",
    "shared",
    "tenant_tables",
]

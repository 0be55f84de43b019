"""The tables, one file per noun; importing this package fills `metadata`."""

from portal.store.tables import (
    agreements,
    approvals,
    cases,
    debtors,
    documents,
    events,
    evidence,
    gifts,
    identity,
    lenders,
    lives,
    mandates,
    payments,
    refunds,
    shared,
    staging,
)
from portal.store.tables.base import metadata, staging_tables, tenant_tables

__all__ = [
    "agreements",
    "approvals",
    "cases",
    "debtors",
    "documents",
    "events",
    "evidence",
    "gifts",
    "identity",
    "lenders",
    "lives",
    "mandates",
    "metadata",
    "payments",
    "refunds",
    "shared",
    "staging",
    "staging_tables",
    "tenant_tables",
]

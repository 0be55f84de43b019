from tests.actions.accounts.conftest import bulk, bulk_database, chain

__all__ = ["bulk", "bulk_database", "chain"]

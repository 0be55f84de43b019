"""The job library's app: tasks register here, the worker runs them.

A task is one action with its services: `@app.task(name="record_payment", queue="payments", pass_context=True)`. It
is put in by `store.jobs.defer`, carries `lender_id` and references, never facts, and is safe to run twice.
"""

from procrastinate import App, PsycopgConnector, RetryStrategy

from portal.store.jobs import PATH_OPTION

QUEUES = {
    "payments": 2,
    "plans": 1,
    "messages": 2,
    "mail": 1,
    "documents": 1,
    "evidence": 1,
    "imports": 1,
    "upkeep": 1,
}
"""Every queue with how many of its jobs a worker runs at a time. Each has a lane of its own: a pile of documents
never keeps a payment waiting."""

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)
"""What a task asks for that depends on something outside: 3, 9, 27 … seconds, about three hours in all."""

app = App(connector=PsycopgConnector())


def connector_of(database_url: str, *, pool_size: int) -> PsycopgConnector:
    """Make the worker's own connections: straight to PostgreSQL (it listens), with the library's schema as path."""
    return PsycopgConnector(
        conninfo=database_url,
        min_size=1,
        max_size=pool_size,
        kwargs={"options": PATH_OPTION},
    )

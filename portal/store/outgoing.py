"""Writes that wait: they go out together, in one journey to the server, before the next statement or the commit.

The order of the writes is kept, and whoever asks the database anything in the same transaction sees them.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

# Where a hint stands that is due already, nothing is written: the loop takes it before it looks for work, and then sees
# what was committed before this look.
_COMMIT_AND_HINT = """
COMMIT; INSERT INTO delivery_hints (lender_id, due_at) SELECT {lender_id:d}, '{due_at}'::timestamptz
WHERE NOT EXISTS (SELECT 1 FROM delivery_hints WHERE lender_id = {lender_id:d} AND due_at <= '{due_at}'::timestamptz)
ON CONFLICT (lender_id) DO UPDATE SET due_at = excluded.due_at WHERE delivery_hints.due_at > excluded.due_at
"""

Heard = Callable[[int], None]
"""Is told how many rows a write touched."""


class Write(NamedTuple):
    """One statement for the driver as it stands, and its values by name."""

    statement: str
    values: Mapping[str, Any]
    heard: Heard | None


class Outgoing:
    """The writes of one transaction that have not gone out yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._gathered: dict[Callable[[Any, list[Any]], None], list[Any]] = {}
        self._writes: list[Write] = []

    def later(self, statement: str, values: Mapping[str, Any], *, heard: Heard | None = None) -> None:
        """Let a write wait; `heard` may raise, which undoes the whole transaction."""
        self._writes.append(Write(statement, values, heard))

    def gather(self, write: Callable[[Any, list[Any]], None], row: object) -> None:
        """Let a row wait for the function that writes all rows of its kind at once, after the other writes."""
        self._gathered.setdefault(write, []).append(row)

    def flush(self, tx: Any) -> None:
        """Send what waits; raises DBAPIError as any statement does. `tx` is handed to what writes gathered rows."""
        gathered, self._gathered = self._gathered, {}
        for write, rows in gathered.items():
            write(tx, rows)
        writes, self._writes = self._writes, []
        if writes:
            touched = self._send(writes)
            for one, rows_touched in zip(writes, touched, strict=True):
                if one.heard is not None:
                    one.heard(rows_touched)

    def _send(self, writes: list[Write]) -> list[int]:
        driver: Any = self._connection.connection.driver_connection
        try:
            if len(writes) == 1:
                return [driver.execute(writes[0].statement, writes[0].values).rowcount]
            with driver.pipeline():
                cursors = [driver.execute(one.statement, one.values) for one in writes]
            return [cursor.rowcount for cursor in cursors]
        except psycopg.Error as error:
            words = "; ".join(one.statement for one in writes)
            raise DBAPIError.instance(words, None, error, psycopg.Error) from error


def commit_and_hint(connection: Connection, lender_id: int, due_at: datetime) -> None:
    """Commit, and tell the delivery loop that this lender has due work: one journey to the server.

    The hint is a transaction of its own after the commit, because one row a lender inside the action would make all its
    actions wait for each other (SCALE.md 2). When the commit fails, the server goes no further. A lost hint is found by
    the sweeper. Composed of an int and a time: several commands in one message take no parameters.
    """
    connection.exec_driver_sql(_COMMIT_AND_HINT.format(lender_id=lender_id, due_at=due_at.isoformat()))

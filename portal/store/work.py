"""One transaction of one lender.

The tenant is set by one literal `SET LOCAL app.lender_id` (SCALE.md 2: a bind parameter or `set_config` would not
reach every shard); without it no tenant row is visible. `begin` commits on a normal exit and rolls back on an
exception; `read` is READ ONLY, so a page that only shows cannot write by mistake.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy import Connection, CursorResult, Engine, create_engine, select
from sqlalchemy.sql import Executable

from portal.store.cipher import FieldCipher, MasterKey, UnknownKeyError, WrappedKey, open_cipher
from portal.store.outgoing import Heard, Outgoing, commit_and_hint
from portal.store.tables.lenders import lender_keys

LENDERS_MAX = 2**63 - 1
_Made = TypeVar("_Made")
CIPHER_SECONDS = 30.0
"""How long a process takes its copy of a lender's keys for granted: after a rotation all seal with the new one."""
BEGIN_READ = "BEGIN READ ONLY; "


class Transaction:
    """What a store function gets: the open connection, the lender, its cipher, and a maker of ids."""

    deliveries_due_at: datetime | None = None

    def __init__(
        self,
        *,
        connection: Connection,
        lender_id: int,
        cipher: FieldCipher,
        new_id: Callable[[], UUID],
        reload: Callable[[], FieldCipher] | None = None,
    ) -> None:
        self.connection = connection
        self.lender_id = lender_id
        self.new_id = new_id
        self._outgoing = Outgoing(connection)
        self._cipher = cipher
        self._reload = reload

    @property
    def newest_key(self) -> int:
        """The number of the data key that seals now."""
        return self._cipher.newest

    def execute(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:
        self.flush()
        return self.connection.execute(statement, rows)

    def find(self, statement: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Find one row by a statement for the driver as it stands: a third of the work of a composed one.

        For the few look-ups that every page makes; `values` are bound by name.
        """
        return next(iter(self.find_all(statement, values)), None)

    def find_all(self, statement: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Find all rows of such a statement; it says itself how many there can be."""
        self.flush()
        driver: Any = self.connection.connection.driver_connection
        with driver.cursor(row_factory=dict_row) as cursor:
            found: list[dict[str, Any]] = cursor.execute(statement, values).fetchall()
        return found

    def rows(self, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Find all rows of such a statement, or of a write that returns some, as they come."""
        self.flush()
        driver: Any = self.connection.connection.driver_connection
        found: list[tuple[Any, ...]] = driver.execute(statement, values).fetchall()
        return found

    def later(self, statement: str, values: Mapping[str, Any], *, heard: Heard | None = None) -> None:
        """Write by a statement for the driver as it stands, before the next statement or the commit.

        What waits goes out together, in its order. `heard` is told how many rows were touched; what it raises undoes
        the transaction.
        """
        self._outgoing.later(statement, values, heard=heard)

    def gather(self, write: Callable[["Transaction", list[Any]], None], row: object) -> None:
        """Let a row wait for the function that writes all rows of its kind at once."""
        self._outgoing.gather(write, row)

    def flush(self) -> None:
        """Send the writes that wait."""
        self._outgoing.flush(self)

    def seal(self, *, column: str, row: object, text: str) -> bytes:
        return self._cipher.seal(column=column, row=row, text=text)

    def seal_optional(self, *, column: str, row: object, text: str | None) -> bytes | None:
        return self._cipher.seal(column=column, row=row, text=text) if text else None

    def unseal(self, *, column: str, row: object, sealed: bytes) -> str:
        """Open a sealed value; one that a newer key sealed makes this process fetch the lender's keys again."""
        return self._known(lambda cipher: cipher.unseal(column=column, row=row, sealed=sealed))

    def unseal_optional(self, *, column: str, row: object, sealed: bytes | None) -> str | None:
        return None if sealed is None else self.unseal(column=column, row=row, sealed=sealed)

    def digest(self, purpose: str, text: str) -> bytes:
        """Digest a text for look-ups, as it is written now."""
        return self._cipher.digests.digest(purpose, text)

    def digests(self, purpose: str, text: str) -> list[bytes]:
        """List what a kept digest of a text can be: while keys are changed, old and new ones stand side by side."""
        return self._cipher.digests.every(purpose, text)

    def steady_digest(self, purpose: str, text: str) -> bytes:
        """Digest a text that tells nothing about anybody and must have one digest for ever."""
        return self._cipher.digests.first(purpose, text)

    def renew_digest(self, kept: bytes) -> bytes:
        """Bring a kept digest under the key in use; one of a newer key makes this process fetch the keys again."""
        return self._known(lambda cipher: cipher.digests.renew(bytes(kept)))

    def _known(self, use: Callable[[FieldCipher], _Made]) -> _Made:
        try:
            return use(self._cipher)
        except UnknownKeyError:
            if self._reload is None:
                raise
            self._cipher = self._reload()
            return use(self._cipher)


class SharedTransaction:
    """A transaction over the shared tables only: no tenant is set, so no tenant row can be seen."""

    def __init__(self, *, connection: Connection, new_id: Callable[[], UUID], master_key: MasterKey) -> None:
        self.connection = connection
        self.new_id = new_id
        self._master_key = master_key

    def execute(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:
        return self.connection.execute(statement, rows)

    def seal(self, *, column: str, row: object, text: str) -> bytes:
        return self._master_key.seal(column=column, row=row, text=text)

    def unseal(self, *, column: str, row: object, sealed: bytes) -> str:
        return self._master_key.unseal(column=column, row=row, sealed=sealed)


class Work:
    """A lender's unit of work, bound and not yet begun."""

    def __init__(self, database: "Database", lender_id: int) -> None:
        self.lender_id = lender_id
        self._database = database

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        with self._database.engine.connect() as connection, connection.begin():
            tx = self._database.enter(connection, self.lender_id)
            yield tx
            tx.flush()
            if tx.deliveries_due_at is not None:
                commit_and_hint(connection, self.lender_id, tx.deliveries_due_at)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with self._database.reader.connect() as connection:
            yield self._database.enter(connection, self.lender_id, first=BEGIN_READ)

    def refresh_keys(self) -> None:
        """Let this process fetch the lender's keys again at the next transaction: somebody has just changed them."""
        self._database.forget_keys(self.lender_id)


class SharedWork:
    """A unit of work over the shared tables."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    @contextmanager
    def begin(self) -> Iterator[SharedTransaction]:
        with self._database.engine.begin() as connection:
            yield self._database.shared_transaction(connection)

    @contextmanager
    def read(self) -> Iterator[SharedTransaction]:
        with self._database.reader.connect() as connection:
            connection.exec_driver_sql(BEGIN_READ)
            yield self._database.shared_transaction(connection)

    @contextmanager
    def begin_with_lender(
        self, lender_id: int, wrapped: list[WrappedKey]
    ) -> Iterator[tuple[SharedTransaction, Transaction]]:
        """Begin the one kind of transaction that writes shared and tenant rows together: a lender is created."""
        with self._database.engine.begin() as connection:
            set_tenant(connection, lender_id)
            cipher = open_cipher(self._database.master_key, wrapped, lender_id=lender_id)
            new_id = self._database.new_id
            tx = Transaction(connection=connection, lender_id=lender_id, cipher=cipher, new_id=new_id)
            yield self._database.shared_transaction(connection), tx
            tx.flush()


class Database:
    """The pool of one process and the keys it has unwrapped.

    `reader` hands out the same connections without a transaction of their own: a reading begins its own, READ ONLY,
    together with its first statement (one journey to the server instead of two), and is rolled back on return.
    """

    def __init__(self, *, engine: Engine, master_key: MasterKey, new_id: Callable[[], UUID]) -> None:
        self.engine = engine
        self.reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.master_key = master_key
        self.new_id = new_id
        self._ciphers: dict[int, tuple[float, FieldCipher]] = {}

    def work(self, lender_id: int) -> Work:
        return Work(self, lender_id)

    def shared_transaction(self, connection: Connection) -> SharedTransaction:
        return SharedTransaction(connection=connection, new_id=self.new_id, master_key=self.master_key)

    def shared(self) -> SharedWork:
        return SharedWork(self)

    def enter(self, connection: Connection, lender_id: int, *, first: str = "") -> Transaction:
        set_tenant(connection, lender_id, first=first)
        loaded_at, cipher = self._ciphers.get(lender_id, (0.0, None))
        if cipher is None or time.monotonic() - loaded_at > CIPHER_SECONDS:
            cipher = self._load_cipher(connection, lender_id)
        return Transaction(
            connection=connection,
            lender_id=lender_id,
            cipher=cipher,
            new_id=self.new_id,
            reload=lambda: self._load_cipher(connection, lender_id),
        )

    def forget_keys(self, lender_id: int) -> None:
        """Drop this process's copy of a lender's keys."""
        self._ciphers.pop(lender_id, None)

    def _load_cipher(self, connection: Connection, lender_id: int) -> FieldCipher:
        rows = connection.execute(
            select(*(lender_keys.c[name] for name in WrappedKey.__dataclass_fields__)).where(
                lender_keys.c.lender_id == lender_id
            )
        ).all()
        if not rows:
            raise UnknownLenderError(lender_id)
        wrapped = [WrappedKey(**row._mapping) for row in rows]
        cipher = open_cipher(self.master_key, wrapped, lender_id=lender_id)
        self._ciphers[lender_id] = (time.monotonic(), cipher)
        return cipher


class UnknownLenderError(LookupError):
    """No lender has this number, or it has no keys."""


def set_tenant(connection: Connection, lender_id: int, *, first: str = "") -> None:
    """Set the tenant of this transaction by a literal; only an int of the right size is ever composed.

    `first` is what the same message to the server begins with.
    """
    if type(lender_id) is not int or not 0 < lender_id <= LENDERS_MAX:
        raise UnknownLenderError(lender_id)
    connection.exec_driver_sql(f"{first}SET LOCAL app.lender_id = '{lender_id:d}'")


def open_database(
    *,
    url: str,
    master_key: bytes,
    new_id: Callable[[], UUID],
    pool_size: int = 8,
    previous_master_key: bytes | None = None,
) -> Database:
    """Open the pool of one process. `url` is any libpq address of the app role."""
    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(
        address,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=False,
        execution_options={"preserve_rowcount": True},  # else an INSERT … ON CONFLICT says -1, never how many
    )
    return Database(
        engine=engine, master_key=MasterKey(master_key, previous=previous_master_key), new_id=new_id
    )

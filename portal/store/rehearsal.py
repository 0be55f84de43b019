"""A unit of work that keeps nothing: what would happen can be looked at first."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.store.work import Transaction, Work


class _RolledBackError(Exception):
    """Leaves a transaction so that nothing of it is kept."""


class Rehearsal(Work):
    """The unit of work of the same lender, whose transactions see what they do and are rolled back at their end."""

    def __init__(self, work: Work) -> None:
        self.lender_id = work.lender_id
        self._work = work

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Read as the other does."""
        with self._work.read() as tx:
            yield tx

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Begin a transaction as the other does; an exception goes on to the caller."""
        try:
            with self._work.begin() as tx:
                yield tx
                tx.flush()
                _roll_back()
        except _RolledBackError:
            return


def _roll_back() -> None:
    raise _RolledBackError

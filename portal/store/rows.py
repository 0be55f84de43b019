from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class MissingRowError(LookupError):
    """A row that another row points to is not there."""


def known(found: Found | None) -> Found:
    """Give a row that must be there; raises MissingRowError when it is not."""
    if found is None:
        raise MissingRowError
    return found


class LostRowError(Exception):
    """A row that was locked is not as it was read; everything of the transaction is undone."""


def must_touch(rows: int) -> Callable[[int], None]:
    """Make a listener for a write that waits: it raises LostRowError when another number of rows was touched."""

    def heard(touched: int) -> None:
        if touched != rows:
            raise LostRowError

    return heard

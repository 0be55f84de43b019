from typing import TypeVar

Found = TypeVar("Found")


class MissingRowError(LookupError):
    """A row that another row points to is not there."""


def known(found: Found | None) -> Found:
    """Give a row that must be there; raises MissingRowError when it is not."""
    if found is None:
        raise MissingRowError
    return found

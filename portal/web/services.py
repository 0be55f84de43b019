"""The services of the process, and a lender's unit of work as a page uses it."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, g, request

from portal.gateways.clock import Clock
from portal.settings import Settings
from portal.store.work import Database, Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Services:
    """The parts that the factory is given; tests give others. A gateway that is not set up is None."""

    settings: Settings
    database: Database
    clock: Clock
    sms: Any = None
    stripe: Any = None
    qr: Any = None
    time_stamps: Any = None
    fx_rates: Any = None

    @property
    def rails(self) -> Mapping[str, Any]:
        """The payment gateways that are set up, by the name that payments keep."""
        return {rail.name: rail for rail in (self.stripe, self.qr) if rail is not None}


def portal() -> Services:
    """Give the services of this process."""
    return cast("Services", current_app.extensions["portal"])


class PageWork(Work):
    """The unit of work of a page that is only read: all its look-ups share one READ ONLY transaction."""

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give the page's one transaction; it ends with the request. READ COMMITTED: each look-up sees what is new."""
        key = f"reader_{self.lender_id}"
        if key not in g:
            stack = g.setdefault("readers", ExitStack())
            setattr(g, key, stack.enter_context(super().read()))
        yield g.get(key)


def work_of(lender_id: int) -> Work:
    """Give a lender's unit of work; on a page that is only read, its look-ups share one transaction."""
    database = portal().database
    return PageWork(database, lender_id) if request.method in {"GET", "HEAD"} else database.work(lender_id)


def close_readers(_fault: BaseException | None) -> None:
    readers = g.pop("readers", None)
    if readers is not None:
        readers.close()

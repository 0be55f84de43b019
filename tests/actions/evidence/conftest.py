"""A lender's log: events to put into it, and the sealing of it."""

from datetime import timedelta
from functools import cache

import pytest

from portal.actions.evidence.seal_log import seal_log
from portal.core.actors import SYSTEM
from portal.gateways.log_keys import make_key_pairs
from portal.store import events
from tests import build


@cache
def _pairs(name):
    return make_key_pairs(name)


class Log:
    """A lender's events and their sealing; the clock goes on by two minutes with each seal."""

    def __init__(self, work):
        self.work, self.now = work, build.NOW

    def tell(self, count=1):
        with self.work.begin() as tx:
            for number in range(count):
                payload = {"id": f"imp_{number}", "rows": number}
                events.append(tx, type="import.finished", actor=SYSTEM, at=self.now, payload=payload)

    def seal(self):
        self.now += timedelta(minutes=2)
        return seal_log(self.work, make_keys=_pairs, now=self.now)


@pytest.fixture
def log(work):
    return Log(work)

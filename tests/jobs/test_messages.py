from types import SimpleNamespace

import pytest

from portal.core.actors import SYSTEM
from portal.gateways.clock import FrozenClock
from portal.jobs.messages import send_due_of
from tests.actions.door import Door


@pytest.fixture
def door(work, lender):
    return Door(work=work, creditor_id=lender.creditor_id)


def house(door, database):
    return SimpleNamespace(work=database.work, clock=FrozenClock(door.now), sms=door.sms, database=database)


def test_twice_is_once(door, database):
    door.send(sms=None, requested_by=SYSTEM)
    assert send_due_of(house(door, database), door.work.lender_id) == 1
    assert send_due_of(house(door, database), door.work.lender_id) == 0
    assert len(door.sms.sent) == 1


def test_what_waited_for_the_morning_goes_in_the_morning(door, database):
    door.wait(hours=10)
    sent = door.send(requested_by=SYSTEM)
    assert send_due_of(house(door, database), door.work.lender_id) == 0
    door.now = sent.due_at
    assert send_due_of(house(door, database), door.work.lender_id) == 1
    assert door.open() is not None


def test_without_a_gateway_everything_waits(door, database):
    door.send(sms=None, requested_by=SYSTEM)
    door.sms = None
    assert send_due_of(house(door, database), door.work.lender_id) == 0


def test_one_that_fails_does_not_keep_the_others(door, database, lender):
    second = Door(work=door.work, creditor_id=lender.creditor_id)
    for one in (door, second):
        one.send(sms=None, requested_by=SYSTEM)

    class Broken(type(door.sms)):
        def send(self, **letter):
            if not self.sent:
                self.sent.append(("", "", ""))
                raise ValueError("a fault")
            return super().send(**letter)

    door.sms = Broken()
    assert send_due_of(house(door, database), door.work.lender_id) == 2
    assert len(door.sms.sent) == 2

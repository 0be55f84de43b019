import pytest

from portal.actions.lenders.adopt_bounds import adopt_bounds
from portal.core.actors import SYSTEM
from portal.store import bounds
from tests import build


def test_ready_made_bounds_come_into_force_once_and_are_told(work):
    made = adopt_bounds(work, currency="THB", actor=SYSTEM, now=build.NOW)
    assert adopt_bounds(work, currency="THB", actor=SYSTEM, now=build.NOW) is None
    with work.read() as tx:
        active = bounds.find_active_bounds(tx, currency="THB")
    assert (active.bounds_id, active.state, active.version) == (made, "active", 1)
    assert [event.type for event in build.events_of(work)] == ["bounds.published"]
    with pytest.raises(KeyError):
        adopt_bounds(work, currency="XXX", actor=SYSTEM, now=build.NOW)

import pytest

from portal.actions.staff.change_staff import change_staff
from portal.core.actors import SYSTEM
from portal.gateways.ids import new_id
from tests.actions.staff.people import invited, staff_events


def changed(work, staff_id, now, *, roles=("owner",), is_active=True):
    return change_staff(work, staff_id=staff_id, roles=roles, is_active=is_active, actor=SYSTEM, now=now)


def test_the_last_owner_cannot_leave(work, now):
    ana = invited(work, now)
    assert changed(work, ana.staff_id, now, roles=["rules"]) == "last_owner"
    assert changed(work, ana.staff_id, now, is_active=False) == "last_owner"
    eva = invited(work, now, email="eva@acme.example")
    assert changed(work, ana.staff_id, now, roles=["rules", "auditor"]) == "changed"
    assert changed(work, eva.staff_id, now, is_active=False) == "last_owner"
    assert staff_events(work)[-1]["changed"] == ["roles"]


def test_same_unknown_and_senseless_changes(work, now):
    ana = invited(work, now)
    assert changed(work, ana.staff_id, now) == "same"
    assert changed(work, new_id(), now) == "unknown"
    with pytest.raises(ValueError, match="roles are"):
        changed(work, ana.staff_id, now, roles=["king"])
    with pytest.raises(ValueError, match="roles are"):
        changed(work, ana.staff_id, now, roles=[])

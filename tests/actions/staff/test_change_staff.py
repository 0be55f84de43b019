import pytest

from portal.actions.staff.change_password import change_password
from portal.actions.staff.change_staff import change_staff
from portal.actions.staff.invite_staff import invite_staff
from portal.actions.staff.renew_secrets import renew_secrets
from portal.core.actors import SYSTEM
from portal.gateways.ids import new_id
from portal.gateways.passwords import is_password
from portal.store import sessions, staff
from tests import build


def invited(work, now, roles=("owner",), email="ana@acme.example"):
    return invite_staff(work, email=email, full_name="Ana Duarte", roles=roles, actor=SYSTEM, now=now)


def changed(work, staff_id, now, *, roles=("owner",), is_active=True):
    return change_staff(work, staff_id=staff_id, roles=roles, is_active=is_active, actor=SYSTEM, now=now)


def staff_events(work):
    return [row.payload for row in build.events_of(work) if row.type == "staff.changed"]


def test_a_member_is_added_once_and_told_without_the_name(work, now):
    made = invited(work, now)
    assert invited(work, now, email="ANA@acme.example").kind == "taken"
    (told,) = staff_events(work)
    assert told == {
        "id": f"stf_{made.staff_id.hex}",
        "changed": ["created"],
        "roles": ["owner"],
        "is_active": True,
    }
    with work.read() as tx:
        (member,) = staff.list_staff(tx)
    assert (member.full_name, member.email) == ("Ana Duarte", "ana@acme.example")
    assert is_password(made.password, hashed=member.password_hash)


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


def test_new_secrets_replace_the_old_ones_and_end_the_visit(work, now):
    ana = invited(work, now)
    with work.begin() as tx:
        token = sessions.start_session(tx, kind="staff", subject_id=ana.staff_id, now=now)
    fresh = renew_secrets(work, staff_id=ana.staff_id, actor=SYSTEM, now=now)
    with work.read() as tx:
        member = staff.find_staff(tx, staff_id=ana.staff_id)
        assert sessions.find_session(tx, token=token, now=now) is None
    assert is_password(fresh.password, hashed=member.password_hash)
    assert not is_password(ana.password, hashed=member.password_hash)
    assert member.totp_secret == fresh.totp_secret != ana.totp_secret
    assert renew_secrets(work, staff_id=new_id(), actor=SYSTEM, now=now) is None


def test_a_member_changes_the_own_password(work, now):
    ana = invited(work, now)
    assert change_password(work, staff_id=ana.staff_id, current="wrong", fresh="x" * 12, now=now) is None
    token = change_password(work, staff_id=ana.staff_id, current=ana.password, fresh="a better one", now=now)
    with work.read() as tx:
        assert sessions.find_session(tx, token=token, now=now).subject_id == ana.staff_id
        assert is_password("a better one", hashed=staff.find_staff(tx, staff_id=ana.staff_id).password_hash)
    assert staff_events(work)[-1]["changed"] == ["password"]

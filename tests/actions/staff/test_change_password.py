from portal.actions.staff.change_password import change_password
from portal.gateways.passwords import is_password
from portal.store import sessions, staff
from tests.actions.staff.people import invited, staff_events


def test_a_member_changes_the_own_password(work, now):
    ana = invited(work, now)
    assert change_password(work, staff_id=ana.staff_id, current="wrong", fresh="x" * 12, now=now) is None
    token = change_password(work, staff_id=ana.staff_id, current=ana.password, fresh="a better one", now=now)
    with work.read() as tx:
        assert sessions.find_session(tx, token=token, now=now).subject_id == ana.staff_id
        assert is_password("a better one", hashed=staff.find_staff(tx, staff_id=ana.staff_id).password_hash)
    assert staff_events(work)[-1]["changed"] == ["password"]

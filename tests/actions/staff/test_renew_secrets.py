from portal.actions.staff.renew_secrets import renew_secrets
from portal.core.actors import SYSTEM
from portal.gateways.ids import new_id
from portal.gateways.passwords import is_password
from portal.store import sessions, staff
from tests.actions.staff.people import invited


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

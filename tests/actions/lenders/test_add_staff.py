import pytest
from sqlalchemy import select

from portal.actions.lenders.add_staff import add_staff
from portal.core.actors import SYSTEM
from portal.gateways.passwords import hash_password, is_password
from portal.store import staff
from portal.store.tables.lenders import staff as table
from tests import build


def add(work, **changes):
    plain = {
        "email": f"olivia@lender-{work.lender_id}.example", "full_name": "Olivia Stone", "roles": ("owner",),
        "password_hash": hash_password("correct horse"), "totp_secret": "JBSWY3DPEHPK3PXP",
    }  # fmt: skip
    return add_staff(work, actor=SYSTEM, now=build.NOW, **plain | changes)


def test_a_member_is_sealed_can_be_checked_and_is_told_without_a_name(work):
    staff_id = add(work)
    with work.read() as tx:
        member = staff.find_staff(tx, staff_id=staff_id)
        raw = tx.execute(select(table).where(table.c.lender_id == tx.lender_id)).one()
    assert is_password("correct horse", hashed=member.password_hash)
    assert not is_password("wrong", hashed=member.password_hash)
    assert not is_password("wrong", hashed="broken")
    assert b"Olivia" not in bytes(raw.full_name)
    told = build.events_of(work)
    assert [event.type for event in told] == ["staff.changed"]
    assert "Olivia" not in str(told)


def test_roles_are_those_of_the_house(work):
    for roles in ((), ("boss",)):
        with pytest.raises(ValueError, match="roles are"):
            add(work, roles=roles)

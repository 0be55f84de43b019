import pytest
from sqlalchemy import select

from portal.gateways.ids import new_id
from portal.store import staff
from portal.store.tables.lenders import staff as rows
from portal.store.tables.shared import secret_digests
from tests import build


def saved(work, *, email="ana@acme.example", now=build.NOW):
    with work.begin() as tx:
        return staff.save_staff(
            tx,
            email=email,
            full_name="Ana Duarte",
            roles=["rules", "approver"],
            password_hash="$argon2id$x",
            totp_secret="BASE32SECRET",
            now=now,
        )


def test_a_member_is_sealed_at_rest_and_found_whole(work):
    staff_id = saved(work)
    with work.read() as tx:
        raw = tx.execute(select(rows).where(rows.c.lender_id == tx.lender_id)).one()
        found = staff.find_staff(tx, staff_id=staff_id)
        assert staff.load_name(tx, staff_id=staff_id) == "Ana Duarte"
        assert staff.load_name(tx, staff_id=new_id()) == ""
    for clear in (b"Ana", b"ana@acme", b"BASE32SECRET"):
        assert clear not in raw.full_name + raw.email + raw.totp_secret
    assert (found.email, found.roles, found.totp_secret) == (
        "ana@acme.example",
        ("rules", "approver"),
        "BASE32SECRET",
    )


def test_the_door_is_found_by_short_name_and_address_however_typed(work, database, lender):
    staff_id = saved(work)
    with database.shared().read() as shared:
        for slug, email in (
            (lender.slug, "ANA@acme.example"),
            (f" {lender.slug.upper()} ", " ana@ACME.example "),
        ):
            assert staff.find_sign_in(shared, slug=slug, email=email) == (lender.lender_id, staff_id)
        assert staff.find_sign_in(shared, slug="other", email="ana@acme.example") is None
        kept = shared.execute(
            select(secret_digests.c.digest).where(secret_digests.c.subject_id == staff_id)
        ).scalar_one()
    assert b"ana" not in kept


def test_one_address_is_one_door_here_and_another_one_elsewhere(work, database):
    assert saved(work)
    assert saved(work, email="ANA@acme.example") is None
    other = build.a_lender(database)
    assert saved(database.work(other.lender_id))


def test_a_time_step_is_used_up_once_and_never_backwards(work):
    staff_id = saved(work)
    for step, is_fresh in ((100, True), (100, False), (99, False), (101, True)):
        with work.begin() as tx:
            assert staff.use_step(tx, staff_id=staff_id, step=step) is is_fresh


@pytest.mark.parametrize("is_active", [True, False])
def test_who_left_is_found_as_a_member_only(work, is_active):
    staff_id = saved(work)
    with work.begin() as tx:
        staff.change_staff(tx, staff_id=staff_id, roles=["auditor"], is_active=is_active)
        assert (staff.find_staff(tx, staff_id=staff_id) is not None) is is_active
        assert staff.find_member(tx, staff_id=staff_id).roles == ("auditor",)
        assert staff.lock_staff(tx) == [(staff_id, ("auditor",), is_active)]

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest

from portal.actions.staff.change_staff import change_staff
from portal.actions.staff.invite_staff import invite_staff
from portal.actions.staff.sign_in_staff import sign_in_staff
from portal.core.actors import SYSTEM
from portal.store import sessions
from portal.store.sign_in_tries import TRIES_MAX, WINDOW


@pytest.fixture
def ana(work, lender, now):
    return invite_staff(
        work, email="Ana@Acme.example", full_name="Ana Duarte", roles=["owner"], actor=SYSTEM, now=now
    )


@pytest.fixture
def enter(database, lender, ana, now):
    def try_in(**changes):
        at = changes.get("now", now)
        plain = {
            "slug": lender.slug,
            "email": "ana@acme.example",
            "password": ana.password,
            "code": pyotp.TOTP(ana.totp_secret).at(at),
            "now": now,
        }
        return sign_in_staff(database, **plain | changes)

    return try_in


def test_both_factors_open_a_session_with_the_roles(enter, work, ana, now):
    done = enter(email=" ANA@acme.example ")
    assert done.kind == "signed_in"
    with work.read() as tx:
        found = sessions.find_session(tx, token=done.token, now=now)
    assert (found.kind, found.subject_id, found.state) == ("staff", ana.staff_id, {"roles": ["owner"]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "nobody"},
        {"email": "bob@acme.example"},
        {"password": "wrong"},
        {"code": "000000"},
        {"code": ""},
        {"code": "١٢٣٤٥٦"},
    ],
    ids=str,
)
def test_what_is_wrong_is_never_said(enter, wrong):
    assert enter(**wrong).kind == "no_match"


def test_a_code_counts_once_and_only_near_its_time(enter, ana, now):
    half, codes = timedelta(seconds=30), pyotp.TOTP(ana.totp_secret)
    assert enter(now=now + half).kind == "signed_in"
    assert enter(now=now + half).kind == "no_match", "used"
    assert enter(now=now, code="").kind == "no_match"
    later = now + timedelta(minutes=10)
    assert enter(now=later, code=codes.at(later - 4 * half)).kind == "no_match", "too old"
    assert enter(now=later, code=codes.at(later - half)).kind == "signed_in", "one step is allowed"


def test_parallel_tries_with_one_code_give_one_session(enter):
    with ThreadPoolExecutor(4) as pool:
        kinds = [done.kind for done in pool.map(lambda _: enter(), range(4))]
    assert sorted(kinds) == ["no_match", "no_match", "no_match", "signed_in"]


def test_tries_are_counted_for_each_login_known_or_not(enter, now):
    for email in ("ana@acme.example", "bob@acme.example"):
        kinds = [enter(email=email, password="wrong").kind for _ in range(TRIES_MAX + 1)]
        assert kinds == ["no_match"] * TRIES_MAX + ["too_many"]
    assert enter().kind == "too_many"
    assert enter(now=now + WINDOW).kind == "signed_in"


def test_a_change_of_roles_ends_the_sessions(enter, work, ana, now):
    invite_staff(work, email="eva@acme.example", full_name="Eva", roles=["owner"], actor=SYSTEM, now=now)
    token = enter().token
    outcome = change_staff(
        work, staff_id=ana.staff_id, roles=["auditor"], is_active=True, actor=SYSTEM, now=now
    )
    assert outcome == "changed"
    with work.read() as tx:
        assert sessions.find_session(tx, token=token, now=now) is None


def test_who_left_does_not_come_in(enter, work, ana, now):
    invite_staff(work, email="eva@acme.example", full_name="Eva", roles=["owner"], actor=SYSTEM, now=now)
    change_staff(work, staff_id=ana.staff_id, roles=["owner"], is_active=False, actor=SYSTEM, now=now)
    assert enter().kind == "no_match"

from concurrent.futures import ThreadPoolExecutor

from portal.gateways.passwords import is_password
from portal.store import staff
from tests.actions.staff.people import invited, staff_events


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


def test_the_same_address_at_the_same_time_is_added_once(work, now):
    with ThreadPoolExecutor(4) as pool:
        kinds = [one.kind for one in pool.map(lambda _: invited(work, now), range(4))]
    assert sorted(kinds) == ["invited", "taken", "taken", "taken"]

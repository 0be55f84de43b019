import pytest

from portal.actions.identity.view_identity import view_identity
from portal.gateways.ids import new_id


def test_what_is_asked_and_whether_the_link_lives(door):
    session = door.enter()

    def look(link_id=session.link_id):
        return view_identity(door.work, debtor_id=door.debtor_id, link_id=link_id, now=door.now)

    assert (look().fact, look().is_live, look().security_word) == ("birth_date", True, "lantern")
    assert not look(None).is_live
    for day in range(1, 6):
        door.answer(session, f"1990-01-0{day}")
    assert not look().is_live


def test_nobody(door):
    with pytest.raises(LookupError):
        view_identity(door.work, debtor_id=new_id(), link_id=None, now=door.now)

import pytest

from portal.actions.staff.show_once import SHOWN_FOR, keep_to_show, read_to_show
from portal.gateways.ids import new_id
from portal.store import sessions


@pytest.fixture
def visit(work, now):
    with work.begin() as tx:
        token = sessions.start_session(tx, kind="staff", subject_id=new_id(), state={"roles": []}, now=now)

    def find():
        with work.read() as tx:
            return sessions.find_session(tx, token=token, now=now)

    return find


def test_a_secret_is_sealed_and_shown_for_ten_minutes_under_its_name(work, now, visit):
    here = visit()
    assert read_to_show(work, session_id=here.session_id, state=here.state, name="one", now=now) == {}
    keep_to_show(work, session_id=here.session_id, name="one", values={"secret": "whsec_x"}, now=now)
    here = visit()
    asked = {"session_id": here.session_id, "state": here.state}
    assert "whsec_x" not in str(here.state)
    assert read_to_show(work, **asked, name="one", now=now) == {"secret": "whsec_x"}
    assert read_to_show(work, **asked, name="other", now=now) == {}
    assert read_to_show(work, **asked, name="one", now=now + SHOWN_FOR) == {}

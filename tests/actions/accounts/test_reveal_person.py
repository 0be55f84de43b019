from datetime import timedelta

import pytest

from portal.actions.accounts.reveal_person import OPEN_FOR, is_revealed, reveal_person
from portal.core.actors import staff_actor
from portal.gateways.ids import new_id
from portal.store import sessions
from tests import build


@pytest.fixture
def look(work, lender, now):
    account_id = build.an_account(
        work, creditor_id=lender.creditor_id, debtor_id=build.a_debtor(work), now=now
    )
    with work.begin() as tx:
        token = sessions.start_session(
            tx, kind="staff", subject_id=new_id(), state={"roles": ["agent"]}, now=now
        )

    def state():
        with work.read() as tx:
            return sessions.find_session(tx, token=token, now=now)

    def reveal(**changes):
        visit = state()
        plain = {
            "account_id": account_id,
            "reason": "call_back",
            "session_id": visit.session_id,
            "state": visit.state,
            "actor": staff_actor("stf_1"),
            "now": now,
        }
        return reveal_person(work, **plain | changes)

    reveal.account_id, reveal.state = account_id, state
    return reveal


def test_a_look_is_told_with_its_reason_and_never_what_was_seen(look, work):
    assert look()
    (told,) = [row for row in build.events_of(work) if row.type == "data.revealed"]
    assert told.payload == {"fields": ["name", "phone", "email", "birth_date"], "reason": "call_back"}


def test_it_stays_open_for_ten_minutes_in_this_visit(look, now):
    look()
    state = look.state().state
    assert state["roles"] == ["agent"]
    asked = {"account_id": look.account_id}
    assert is_revealed(state, **asked, now=now)
    assert not is_revealed(state, **asked, now=now + OPEN_FOR)
    assert not is_revealed(state, account_id=new_id(), now=now)
    assert not is_revealed({}, **asked, now=now)


def test_old_looks_do_not_pile_up(look, now):
    look(now=now - timedelta(hours=1))
    look()
    assert list(look.state().state["revealed"]) == [look.account_id.hex]


def test_nobody_looks_without_a_reason_or_an_account(look):
    with pytest.raises(ValueError, match="no reason"):
        look(reason="curious")
    assert not look(account_id=new_id())

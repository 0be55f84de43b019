import pytest

from portal.actions.care.view_rights import view_rights


def test_told_once_a_session_and_kept_for_the_person(door):
    outcome = door.answer(door.enter())
    assert outcome.is_first
    session = door.session(outcome.session_token)

    def look():
        return view_rights(
            door.work,
            debtor_id=door.debtor_id,
            session_id=session.session_id,
            state=door.session_state(session),
            language="th",
            now=door.now,
        )

    assert (look().pack.code, look().lender_name) == ("US", "Northwind")
    assert door.told("rights.viewed") == [{"pack": "us-2026-11-24", "language": "th"}]
    door.wait(hours=2)
    again = door.answer(door.enter(), device=outcome.device_token)
    assert (again.kind, again.is_first) == ("verified", False)


def test_nobody(door):
    with pytest.raises(LookupError):
        view_rights(
            door.work,
            debtor_id=door.account_id,
            session_id=door.account_id,
            state={},
            language="en",
            now=door.now,
        )

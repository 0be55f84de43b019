from portal.actions.identity.end_visit import end_visit


def test_the_token_opens_nothing_afterwards(door):
    outcome = door.answer(door.enter())
    session = door.session(outcome.session_token)
    end_visit(door.work, session_id=session.session_id, now=door.now)
    assert door.session(outcome.session_token) is None

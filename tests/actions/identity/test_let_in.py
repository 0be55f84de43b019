from portal.store.tables.identity import sessions


def test_the_old_session_is_over(door):
    session = door.enter()
    door.answer(session)
    with door.work.read() as tx:
        ended = tx.execute(
            sessions.select().where(
                sessions.c.lender_id == tx.lender_id, sessions.c.session_id == session.session_id
            )
        ).one()
    assert ended.ended_at == door.now


def test_a_chosen_language_stays(door):
    session = door.enter()
    session = type(session)(**vars(session) | {"state": {**session.state, "chosen_language": "th"}})
    outcome = door.answer(session)
    assert door.debtor().language == "th"
    assert door.session(outcome.session_token).state["language"] == "th"
    assert door.told("contact.preferences_changed")[0]["language"] == "th"


def test_the_brand_that_was_shown_stays(door):
    outcome = door.answer(door.enter())
    assert door.session(outcome.session_token).state["creditor"] == str(door.creditor_id)

from portal.actions.contact.choose_language import choose_language


def test_a_language_is_kept_and_told_once(door):
    outcome = door.answer(door.enter())
    session = door.session(outcome.session_token)

    def choose(language):
        return choose_language(
            door.work,
            debtor_id=door.debtor_id,
            session_id=session.session_id,
            language=language,
            now=door.now,
        )

    assert choose("ar")
    assert not choose("ar")
    assert door.debtor().language == "ar"
    assert door.session_state(session)["language"] == "ar"
    assert "factors" in door.session_state(session)
    assert len(door.told("contact.preferences_changed")) == 1

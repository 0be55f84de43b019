from tests.web.debtor.conftest import words_of


def test_messages_can_be_stopped(phone, door):
    phone.enter()
    assert phone.post("/me/settings/stop", page="/me/settings").location == "/me/settings"
    assert door.debtor().messages_stopped_at is not None
    assert "We send you no text messages" in words_of(phone.get("/me/settings"))
    assert phone.post("/me/settings/start", page="/me/settings").location == "/me/settings"
    assert door.debtor().messages_stopped_at is None


def test_a_language_stays_with_the_person(phone, door):
    phone.enter()
    phone.post("/language", language="es", next="/me/settings")
    assert door.debtor().language == "es"
    assert 'lang="es"' in phone.get("/me/settings").get_data(as_text=True)


def test_signing_out_ends_the_visit_and_clears_the_browser(phone):
    phone.enter()
    answered = phone.post("/me/sign-out", page="/me/settings")
    assert answered.location == "/left"
    assert answered.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert phone.get("/me").location == "/come-back"
    assert phone.get("/me/settings").location == "/come-back"


def test_hiding_the_page_ends_the_visit_too(phone):
    phone.enter()
    assert phone.post("/leave", page="/me/settings").location == "/left"
    assert phone.get(phone.account).location == "/come-back"


def test_nothing_of_a_visit_is_kept_by_the_browser(phone):
    phone.enter()
    for path in (phone.account, "/me/rights", "/me/settings", "/free-help"):
        assert phone.get(path).headers["Cache-Control"] == "no-store"

import pytest

from portal.store import agreements
from tests import build
from tests.web.debtor.walk import Walk


@pytest.fixture
def debtor_id(work):
    return build.a_debtor(work)


@pytest.fixture
def account_id(work, lender, debtor_id):
    build.active_bounds(work)
    return build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)


@pytest.fixture
def walk(signed_in, debtor_id):
    return Walk(signed_in("debtor", subject_id=debtor_id).client)


@pytest.fixture
def reading(walk, account_id):
    """Stand on the page of a prepared agreement."""
    walk.go(f"/me/accounts/{account_id}/plan?kind=installment").submit(action="/plan", press="/plan/choose")
    assert walk.heading == "Read this first"
    return walk


def told(work):
    return [row.type for row in build.events_of(work)]


def test_consent_is_asked_apart_with_paper_beside_it(reading, work):
    path = reading.path
    for words in ("Paper instead", "Taking it back", "What it is about", "Your address", "What you need"):
        assert words in reading.text
    assert "I would rather have it on paper" in reading.text
    reading.submit(action="/consent")
    assert reading.page.status_code == 422
    assert "Tick the box if you agree, or ask for paper" in reading.text
    reading.submit(action="/consent", records="1", code="12")
    assert reading.page.status_code == 422
    assert "agreement.consented" not in told(work)
    assert reading.go(f"{path}/sign").path == f"{path}#how"
    reading.agree_to_records()
    assert reading.heading == "Sign your plan"
    assert "agreement.signed" not in told(work)
    assert reading.go(path).text.count("Go on to sign") == 1


def test_the_signature_alone_consents_to_nothing(reading, work):
    path = reading.path
    csrf = reading.tree.find(".//input[@name='csrf_token']").get("value")
    posted = reading.client.post(
        f"{path}/sign", data={"csrf_token": csrf, "name": "Maria", "agreed": "1", "form_token": "x" * 24}
    )
    assert (posted.status_code, posted.location) == (303, f"{path}#how")
    assert not {"agreement.consented", "agreement.signed"} & set(told(work))


def test_paper_is_asked_for_and_a_person_answers(reading, work):
    reading.go(f"{reading.path}/paper").submit(action="/paper")
    assert reading.heading == "A person will answer you"
    assert "case.handed_off" in told(work)


def test_an_unfinished_signing_goes_on_where_it_stopped(reading, account_id):
    reading.go("/me")
    assert "Your plan waits for your name" in reading.text
    (link,) = [a for a in reading.tree.iter("a") if a.text == "Finish signing"]
    assert reading.go(link.get("href")).heading == "Read this first"
    reading.agree_to_records()
    reading.go("/me")
    (link,) = [a for a in reading.tree.iter("a") if a.text == "Finish signing"]
    assert reading.go(link.get("href")).heading == "Sign your plan"
    reading.submit(name="ليلى حداد", agreed="1")
    assert "Finish signing" not in reading.go(f"/me/accounts/{account_id}").text


def test_consent_is_taken_back_in_the_settings(reading, work, debtor_id):
    assert "Send my papers by post" not in reading.client.get("/me/settings").get_data(as_text=True)
    reading.agree_to_records().submit(name="Maria Lopez", agreed="1")
    reading.go("/me/settings").submit(action="/settings/paper")
    assert "Send my papers by post" not in reading.text
    assert told(work).count("agreement.consent_ended") == 1
    with work.read() as tx:
        (kept,) = agreements.list_agreements_of(tx, debtor_id=debtor_id)
    assert kept.state == "active"


def test_a_withdrawal_is_one_tap_on_its_page(reading, work):
    path = reading.path
    reading.agree_to_records().submit(name="Maria Lopez", agreed="1")
    reading.go(f"{path}/withdraw").submit(action="/withdraw")
    assert "You took this agreement back" in reading.text
    assert told(work)[-1] == "agreement.withdrawn"


def test_two_languages_stand_side_by_side_and_one_is_said_to_rule(reading, work, debtor_id):
    path = reading.path
    reading.go(f"{path}/beside?language=th")
    articles = list(reading.tree.iter("article"))
    assert [one.get("lang") for one in articles] == ["en", "th"]
    assert "The text in English is the one that is signed" in reading.text
    with work.read() as tx:
        (kept,) = agreements.list_agreements_of(tx, debtor_id=debtor_id)
    assert kept.html in reading.page.get_data(as_text=True), "the frozen bytes are the bytes shown"
    assert "ข้อตกลง" in "".join(articles[1].itertext())
    assert reading.go(f"{path}/beside?language=ar").tree.findall(".//article")[1].get("dir") == "rtl"
    assert reading.tree.get("lang") == "en"
    for odd in ("xx", "en", ""):
        assert reading.go(f"{path}/beside?language={odd}").page.status_code == 200


def test_the_text_holds_its_clauses_and_names_the_ruling_language(reading):
    for words in (
        "From the moment you sign, collection stops",
        "No fee is added for the plan or for a late payment.",
        "You can stop the plan at any time",
        "and the text in that language rules.",
        "A copy on paper is yours at any time, for free.",
    ):
        assert words in reading.text, words

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.store import lenders
from portal.web.brake import MISSES_MAX
from tests.actions.door import DAY, Door
from tests.web.debtor.conftest import words_of

BOTS = (
    "WhatsApp/2.23", "facebookexternalhit/1.1", "Slackbot-LinkExpanding 1.0", "TelegramBot", "Twitterbot/1.0",
    "LinkedInBot/1.0", "Discordbot/2.0", "SkypeUriPreview", "Applebot/0.1", "Googlebot/2.1", "bingbot/2.0", "curl/8",
)  # fmt: skip
TABLES = (
    "links",
    "sessions",
    "codes",
    "devices",
    "messages",
    "events",
    "debtors",
    "accounts",
    "holds",
    "form_tokens",
)
CANARIES = (
    "Maria",
    "Lopez",
    "1,416",
    "1416",
    "card",
    "AC-",
    "+1201",
    "1986",
    "balance",
    "debt",
    "owe",
    "loan",
)


def checksum(work):
    with work.read() as tx:
        return [
            tx.execute(
                text(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t")
            ).scalar()
            for name in TABLES
        ]


def stable(response):
    page = response.get_data(as_text=True)
    page = re.sub(r'(name="csrf_token" value=|nonce=)"[^"]+"', "", page)
    return re.sub(r"/l/[a-zA-Z0-9]+", "/l/TOKEN", page)


@pytest.mark.fault
def test_preview_robots_change_nothing_and_burn_nothing(phone, door, app):
    door.send()
    before = checksum(door.work)
    for bot in BOTS:
        for _ in range(7):
            client = app.test_client()
            for method in ("get", "head"):
                answered = getattr(client, method)(
                    phone.link, headers={"User-Agent": bot, "Range": "bytes=0-99"}
                )
                assert answered.status_code == 200
    for path in ("/not-me", "/stop"):
        assert phone.get(phone.link + path).status_code == 200
    assert checksum(door.work) == before
    assert phone.post(phone.link).location == "/verify"
    assert phone.verify().location == "/me/rights"


def test_the_token_leaves_the_address_at_once(phone, door):
    answered = phone.open()
    assert (answered.status_code, answered.location) == (303, "/verify")
    assert door.sms.last_token not in phone.get("/verify").get_data(as_text=True)
    assert answered.headers["Referrer-Policy"] == "no-referrer"


def test_word_first_and_nothing_about_anybody(phone, door):
    door.send()
    page = words_of(phone.get(phone.link))
    assert page.index("lantern") < page.index("Continue")
    assert "Hello. You have a private message from Tamarind." in page
    assert "We never ask for your PIN" in page


@pytest.mark.fault
@pytest.mark.parametrize("language", ["en", "zh-Hans", "es", "th", "ar"])
def test_nothing_is_disclosed_before_verification(phone, door, language):
    door.send()
    link = phone.link
    for path in (
        link,
        link + "/not-me",
        link + "/stop",
        "/l/" + "b" * 26,
        "/link-sent",
        "/thank-you",
        "/stopped",
    ):
        phone.get(f"{path}?l={language}")
    phone.post(link)
    phone.get("/verify")
    phone.verify(year="1990")
    for path in (
        "/verify/not-me",
        "/verify/stop",
        "/",
        "/talk",
        "/is-this-real",
        "/privacy",
        "/come-back",
        "/me",
    ):
        phone.get(path)
    for page in phone.seen:
        plain = re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
        for canary in CANARIES[:8]:
            assert canary not in plain.replace("card number", "").replace("your card", "").replace(
                "credit card", ""
            ).replace("a card", "").replace("ID card", ""), canary
        if language == "en":
            for canary in CANARIES[8:]:
                assert not re.search(rf"\b{canary}", plain, flags=re.IGNORECASE), (canary, plain)


@pytest.mark.fault
def test_dead_links_are_one_page(phone, door, clock, app):
    door.send()
    locked = phone.link
    phone.post(locked)
    for _ in range(5):
        phone.verify(year="1990")
    door.send()
    used = phone.link
    fresh = app.test_client()
    phone.client = fresh
    phone.post(used)
    phone.verify()
    door.send()
    revoked = phone.link
    phone.client = app.test_client()
    phone.post(revoked + "/not-me")
    dead = (locked, used, revoked, "/l/" + "c" * 26, "/l/x", "/l/%00", "/l/" + "ก" * 26)
    pages = [app.test_client().get(path) for path in dead]
    assert {page.status_code for page in pages} == {404}
    assert len({stable(page) for page in pages[:5]}) == 1
    assert "This link is no longer active" in words_of(pages[0])
    assert "Tamarind" not in words_of(pages[0])


def test_a_new_link_goes_to_the_number_on_file_and_the_answer_is_the_same(phone, door, clock):
    door.send()
    old = phone.link
    clock.move(timedelta(hours=80))
    door.wait(hours=80)
    answers = [phone.post(path + "/new", page=path) for path in (old, "/l/" + "d" * 26)]
    assert [(one.status_code, one.location) for one in answers] == [(303, "/link-sent")] * 2
    assert len(door.sms.sent) == 2
    assert phone.link != old
    assert phone.get(phone.link).status_code == 200


def test_not_me_is_one_tap_and_shows_nothing(phone, door):
    door.send()
    answered = phone.post(phone.link, not_me="1")
    assert (answered.status_code, answered.location) == (303, "/thank-you")
    assert door.debtor().wrong_party_at is not None
    assert phone.get(phone.link).status_code == 404
    page = words_of(phone.get("/thank-you"))
    assert "We will not write to this number again" in page
    assert "Tamarind" not in page


def test_stop_from_the_landing_page(phone, door):
    door.send()
    assert phone.post(phone.link + "/stop").location == "/stopped"
    assert door.debtor().messages_stopped_at is not None
    assert phone.get(phone.link).status_code == 200


def test_a_choice_of_language_goes_with_the_person(phone, door):
    door.send()
    page = phone.get(f"{phone.link}?l=ar")
    assert 'dir="rtl"' in page.get_data(as_text=True)
    phone.post(phone.link)
    phone.verify()
    assert door.debtor().language == "ar"


def test_the_debtors_own_language_comes_before_the_browsers(phone, door, work, lender):
    thai = Door(work=work, creditor_id=lender.creditor_id, person={"language": "th"}, sms=door.sms)
    thai.send()
    page = phone.get(phone.link, headers={"Accept-Language": "es"})
    assert 'lang="th"' in page.get_data(as_text=True)


def test_a_telling_brand_is_not_on_the_page(phone, work, door):
    with work.begin() as tx:
        creditor_id = lenders.save_creditor(tx, creditor_ref="z", brand_name="Acme Debt Recovery", now=DAY)
    other = Door(work=work, creditor_id=creditor_id, sms=door.sms)
    other.send()
    phone.get(phone.link)
    phone.post(phone.link)
    phone.get("/verify")
    assert not any("Acme" in page for page in phone.seen)


def test_the_first_page_is_small(phone, door, app):
    door.send()
    packed = app.test_client().get(phone.link, headers={"Accept-Encoding": "br"})
    assert len(packed.data) <= 14_600


def test_a_form_of_another_site_is_refused(phone, door):
    door.send()
    assert phone.client.post(phone.link).status_code == 400
    assert door.told() == ["message.queued", "link.sent", "message.sent"]


@pytest.mark.fault
def test_guessing_links_ends_in_a_break(phone, app):
    client = app.test_client()
    answers = [client.get(f"/l/{number:026d}").status_code for number in range(MISSES_MAX + 3)]
    assert set(answers[:MISSES_MAX]) == {404}
    assert set(answers[MISSES_MAX:]) == {429}
    phone.door.send()
    assert client.get(phone.link).status_code == 200

import pytest

from portal.core.message_texts import TEXTS
from portal.core.messages import compose_code, compose_link, is_neutral, telling_words
from portal.core.sms import is_gsm_7

LANGUAGES = ["en", "zh-Hans", "zh-Hant", "es", "pt-BR", "th", "vi", "id", "ms", "fil", "fr", "ar", "hi"]
GSM = {"en", "es", "pt-BR", "vi", "id", "ms", "fil", "fr"}
LINK = "https://pay.northwind.example/l/" + "a" * 26


def link(language, *, template="link_first", sender="Tamarind", phone="1-800-555-0142", word="lantern"):
    return compose_link(
        template=template, language=language, sender=sender, word=word, link=LINK, phone=phone
    )


@pytest.mark.parametrize("template", ["link_first", "link_renewed", "plan_upcoming", "plan_late"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_fits_tells_nothing_and_can_be_stopped(template, language):
    text = link(language, template=template)
    assert text.segments <= (1 if language in GSM else 2)
    assert is_gsm_7(text.body) == (language in GSM)
    assert telling_words(text.body) == []
    assert {LINK, "STOP"} <= set(
        text.body.replace("STOP.", "STOP").replace("复", "复 ").replace("覆", "覆 ").split()
    )
    assert "lantern" in text.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_fits_and_fills_itself_in(language):
    text = compose_code(language=language, sender="Tamarind", code="123456", host="pay.northwind.example")
    assert text.segments <= (1 if language in GSM else 2)
    assert telling_words(text.body) == []
    assert text.body.endswith("\n@pay.northwind.example #123456")


def test_every_template_has_the_same_languages():
    assert {frozenset(texts) for texts in TEXTS.values()} == {frozenset(LANGUAGES)}


def test_phone_and_sender_give_way_before_a_segment_does():
    short = link("en")
    assert "1-800-555-0142" in short.body
    long = link("en", sender="A very long name of a company that sells many things", phone="+44 20 7946 0000")
    assert long.segments == 1
    assert "+44" not in long.body


def test_a_name_that_would_tell_is_left_out():
    assert link("en", sender="Acme Debt Recovery").body.startswith("You have")
    assert link("en", sender="Tamarind").body.startswith("Tamarind: You have")


@pytest.mark.parametrize(
    ("name", "neutral"),
    [("Tamarind", True), ("Northwind Finance", True), ("Quick Loans", False), ("催收公司", False), ("Inkasso AG", False),  # noqa: E501
     ("Cobranças Ltda", False), ("บริษัท ทวงหนี้", False), ("Collection & Co", False), ("Cobra Records", False)],
)  # fmt: skip
def test_which_names_are_neutral(name, neutral):
    assert is_neutral(name) is neutral


def test_a_language_without_a_text_is_written_in_english():
    assert link("de").language == "en"


def test_an_unknown_template_is_a_mistake():
    with pytest.raises(KeyError):
        link("en", template="threat")

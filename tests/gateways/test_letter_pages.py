"""Letters in every language: no sentence missing, none too many, each with its figures, nothing but escaped words."""

import re

import pytest

from portal.core.letters.frame import TEXTS_VERSION, asked_texts
from portal.gateways.languages import languages, offered
from portal.gateways.letter_pages import bdi, letter_language, letter_languages, write_letter
from portal.gateways.sentences import load_sentences
from tests.core.letters.samples import a_frame, a_receipt, an_itemization, every_letter

FIGURE = re.compile(r"%\((\w+)\)s")
OFFERED = [one.tag for one in offered()]
NEVER = re.compile(
    r"\b(?:debtor|default|delinquent|demand|failure|reject|immediately|consequences)", re.IGNORECASE
)


def asked():
    return frozenset().union(*(asked_texts(letter) for letter in every_letter().values()))


@pytest.mark.parametrize("tag", OFFERED)
def test_a_language_has_exactly_the_sentences_that_can_be_asked_for(tag):
    texts, english = (load_sentences("letters", TEXTS_VERSION, one).texts for one in (tag, "en"))
    assert set(texts) == asked()
    for key, text in texts.items():
        assert sorted(FIGURE.findall(str(text))) == sorted(FIGURE.findall(str(english[key]))), key
        assert "{" not in text, key
    same = [key for key, text in texts.items() if text == english[key]]
    assert tag == "en" or same == []


@pytest.mark.parametrize(("tag", "place"), [("de", "DE"), ("fr", "FR")])
def test_the_language_of_a_law_has_its_own_letter_whole(tag, place):
    texts, english = (load_sentences("letters", TEXTS_VERSION, one).texts for one in (tag, "en"))
    letters = (
        [an_itemization(place), an_itemization(place, is_law_firm=True, rate=0, interest=0, lines=[])]
        if place == "DE"
        else [an_itemization(place)]
    )
    assert set(texts) == frozenset().union(*map(asked_texts, letters))
    for key, text in texts.items():
        assert sorted(FIGURE.findall(text)) == sorted(FIGURE.findall(english[key])), key
    assert tag in {one.tag for one in letter_languages(letters[0])}
    assert tag not in {one.tag for one in letter_languages(a_receipt(a_frame()))}


def test_nobody_is_frightened():
    texts = load_sentences("letters", TEXTS_VERSION, "en").texts
    assert [key for key, text in texts.items() if NEVER.search(text)] == []


@pytest.mark.parametrize("tag", OFFERED)
def test_every_letter_is_written_out_and_twice_alike(tag):
    for name, letter in every_letter().items():
        page = write_letter(letter, tag)
        assert page.article.startswith(
            f'<article class="doc" lang="{tag}" dir="{languages()[tag].direction}">'
        ), name
        assert page.article.count("<h2>") == 1
        assert "%(" not in page.article
        assert "Maria Lopez" in page.article
        assert page == write_letter(letter, tag)


def test_markup_in_a_name_stays_a_name():
    hostile = '<img src=x onerror=alert(1)> & "quotes" {0} %(x)s \u202e'
    page = write_letter(a_receipt(a_frame(debtor_name=hostile, account_ref=hostile)), "en")
    assert "<img" not in page.article
    assert page.article.count(str(bdi(hostile))) == 2


def test_the_language_is_the_first_that_is_spoken():
    def chosen(*wished, kind="receipt", place="US"):
        return letter_language(*wished, kind=kind, place=place)

    assert chosen("th", "en") == "th"
    assert chosen(None, "", "tlh", "es") == "es"
    assert chosen("vi") == "en"
    assert chosen("de", place="DE") == "en", "receipts are not written in German yet"
    assert chosen("de", kind="itemization", place="DE") == "de"
    assert chosen("de", kind="itemization", place="FR") == "en"


def test_a_version_or_a_language_that_is_not_there_is_said():
    letter = a_receipt(a_frame())
    with pytest.raises(LookupError):
        write_letter(letter | {"texts": "1999-01-01"}, "en")
    with pytest.raises(LookupError):
        write_letter(letter, "de")


def test_what_is_minus_is_written_so():
    page = write_letter(every_letter()["us"], "en")
    assert "−\N{NO-BREAK SPACE}$" in page.article
    assert "+\N{NO-BREAK SPACE}$" in page.article

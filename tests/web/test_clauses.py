"""The sentences of agreements in every language: none missing, none too many, each with its figures."""

import re

import pytest

from portal.core.agreements.clauses import keys
from portal.core.agreements.terms import TEXTS_VERSION
from portal.web.clauses import CLAUSES, clause_languages, load_clauses
from portal.web.language import offered

COUNTS = (0, 1, 2, 3, 11, 21, 100)
FIGURE = re.compile(r"%\((\w+)\)s")


def figures(text):
    return set(FIGURE.findall(text[-1] if isinstance(text, list) else text))


def test_the_version_that_is_stamped_speaks_every_offered_language():
    assert clause_languages(TEXTS_VERSION) == list(offered())


@pytest.mark.parametrize("tag", [one.tag for one in offered()])
def test_a_language_has_exactly_the_sentences_that_can_be_asked_for(tag):
    clauses, english = load_clauses(TEXTS_VERSION, tag), load_clauses(TEXTS_VERSION, "en")
    assert set(clauses.texts) == keys()
    for key, text in clauses.texts.items():
        assert figures(text) == figures(english.texts[key]), key
        assert isinstance(text, list) is isinstance(english.texts[key], list), key
        assert tag == "en" or text != english.texts[key], key
        assert "{" not in str(text), key


@pytest.mark.parametrize("tag", [one.tag for one in offered()])
def test_every_count_has_its_form(tag):
    clauses = load_clauses(TEXTS_VERSION, tag)
    values = dict.fromkeys(("day", "currency", "count", "days", "pack", "language"), "x")
    for key in keys():
        for count in COUNTS:
            said = clauses.say(key, values | {"num": count})
            assert said
            assert "%(" not in said


def test_arabic_counts():
    clauses = load_clauses(TEXTS_VERSION, "ar")
    said = [clauses.say("missed_grace", {"num": count}) for count in (1, 2, 5)]
    assert said == ["ننتظر يومًا واحدًا.", "ننتظر يومين.", "ننتظر 5 أيام."]


@pytest.mark.parametrize("version", ["1999-01-01", "", "../2026-11-25", "2026-11-25/.."])
def test_a_version_that_is_not_there_speaks_nothing(version):
    assert load_clauses(version, "en") is None
    assert clause_languages(version) == []


def test_no_file_claims_a_review_that_nobody_made():
    for path in CLAUSES.glob("*/*.toml"):
        clauses = load_clauses(path.parent.name, path.stem)
        assert clauses.version == path.parent.name
        assert not clauses.is_reviewed

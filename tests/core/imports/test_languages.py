from string import Formatter

import pytest

from portal.core.imports.faults import REASONS, Fault, explain
from portal.core.imports.wording.languages import LANGUAGES, language_of, sentences_in


def fields(sentence):
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_said_in_every_language_with_the_same_figures(language):
    assert list(LANGUAGES[language]) == list(REASONS)
    for code, sentences in LANGUAGES[language].items():
        for own, english in zip(sentences, REASONS[code], strict=True):
            assert fields(own) == fields(english), code
            assert own.strip() == own
            assert language == "en" or own != english, code


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("es-MX", "es"),
        ("zh_Hans", "zh-Hans"),
        ("zh-Hant", "zh-Hans"),
        ("th", "th"),
        ("pt-BR", "en"),
        (None, "en"),
    ],
)
def test_a_language_is_found_as_it_is_written_or_it_is_english(asked, given):
    assert language_of(asked) == given
    assert sentences_in(asked) is LANGUAGES[given]


def test_a_fault_is_said_in_the_language_of_its_reader():
    one = Fault("date_of_birth", "date.short_year", "80-05-04", {"write": "1980-05-04"})
    assert explain(one, language="es")[1] == "Escriba 1980-05-04"

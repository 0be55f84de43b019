import re

from portal.core.message_texts import PIECES, TEXTS, WORD_STARTS

PLACES = {
    "link_first": {"sender", "word", "link", "phone"},
    "plan_upcoming": {"sender", "word", "link", "phone"},
    "plan_late": {"sender", "word", "link", "phone"},
    "link_renewed": {"sender", "word", "link", "phone"},
    "code": {"sender", "code", "host"},
}


def test_every_text_has_its_places():
    for template, texts in TEXTS.items():
        for language, text in texts.items():
            assert set(re.findall(r"%\((\w+)\)s", text)) == PLACES[template], (template, language)


def test_the_lists_of_telling_words_are_folded():
    assert all(word == word.casefold() for word in WORD_STARTS)
    assert all(len(piece) >= 1 for piece in PIECES)

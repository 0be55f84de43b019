from string import Formatter

from portal.core.imports.faults import REASONS, Fault, explain, is_kept, shown


class Anything(dict):
    def __missing__(self, key):
        return key


def test_every_reason_has_two_sentences_with_full_stops():
    for code, sentences in REASONS.items():
        for sentence in sentences:
            assert [field for _, field, _, _ in Formatter().parse(sentence) if field == ""] == []
            assert sentence[0].isupper() or sentence[0] == "{", code


def test_sentences_are_filled_from_the_fault():
    one = Fault("date_of_birth", "date.buddhist_year", "2523-05-04", {"write": "1980-05-04"})
    assert explain(one) == ("The year is of the Buddhist era.", "Write 1980-05-04")
    assert all(explain(Fault("", code, "", Anything())) for code in REASONS)


def test_what_is_shown_is_short_and_visible():
    assert shown("a" * 500).endswith("…")
    assert "\x00" not in shown("a\x00b")
    assert shown(None) == ""


def test_kept_rows_are_not_faulty():
    assert is_kept(Fault("", "kept.plan_active"))
    assert not is_kept(Fault("", "required"))

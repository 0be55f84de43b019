"""Text message lengths: published examples, and properties that hold for any text."""

import json
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.sms import BASIC, EXTENSION, GSM_7, UCS_2, Segments, count_segments, is_gsm_7, segments

NAUGHTY = Path(__file__).parents[3] / "shared" / "vectors" / "naughty_strings.json"
ALPHABET = sorted(BASIC | EXTENSION)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments(GSM_7, 1, 0)),
        ("a" * 160, Segments(GSM_7, 1, 160)),
        ("a" * 161, Segments(GSM_7, 2, 161)),
        ("a" * 306, Segments(GSM_7, 2, 306)),
        ("a" * 307, Segments(GSM_7, 3, 307)),
        ("€" * 80, Segments(GSM_7, 1, 160)),
        ("€" * 81, Segments(GSM_7, 2, 162)),
        ("a" * 152 + "€" + "a" * 152, Segments(GSM_7, 3, 306)),  # the pair moves on to the next part
        ("ก" * 70, Segments(UCS_2, 1, 70)),
        ("ก" * 71, Segments(UCS_2, 2, 71)),
        ("ก" * 134, Segments(UCS_2, 2, 134)),
        ("ก" * 135, Segments(UCS_2, 3, 135)),
        ("😀" * 35, Segments(UCS_2, 1, 70)),
        ("😀" * 66, Segments(UCS_2, 2, 132)),
        ("😀" * 67, Segments(UCS_2, 3, 134)),  # 33 to a part: a pair is not cut
        ("María", Segments(UCS_2, 1, 5)),
        ("è é à ù ì ò ñ ü Ç", Segments(GSM_7, 1, 17)),
    ],
)
def test_known_lengths(text, expected):
    assert segments(text) == expected


@pytest.mark.parametrize("letter", "áíóúãõâêçÁÍ`\t")
def test_one_letter_outside_the_alphabet_turns_the_message_over(letter):
    assert segments("a" * 100 + letter) == Segments(UCS_2, 2, 101)


def test_the_alphabet_has_its_127_characters_and_its_ten_extensions():
    assert len(BASIC) == 127  # 128 code points, one of which is the escape
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


@given(st.text(alphabet=ALPHABET, max_size=700))
def test_gsm_7_counts_septets_and_never_cuts_an_escape(text):
    measured = segments(text)
    units = len(text) + sum(character in EXTENSION for character in text)
    assert measured.encoding == GSM_7
    assert measured.units == units
    least = 1 if units <= 160 else ceil(units / 153)
    assert least <= measured.count <= (1 if units <= 160 else ceil(units / 152))


@given(st.text(max_size=400))
def test_any_text_is_measured_by_its_utf_16_length(text):
    measured = segments(text)
    if is_gsm_7(text):
        return
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert measured.units == units
    assert measured.count == 1 if units <= 70 else ceil(units / 67) <= measured.count <= ceil(units / 66)


@given(st.text(max_size=300), st.text(max_size=300))
def test_more_text_never_takes_fewer_parts(first, second):
    assert count_segments(first + second) >= count_segments(first)


def test_naughty_strings_are_measured():
    if not NAUGHTY.exists():
        pytest.skip("the shared vectors are not here")
    cases = json.loads(NAUGHTY.read_text(encoding="utf-8"))["cases"]
    assert all(segments(str(case.get("input", case))).count >= 1 for case in cases)

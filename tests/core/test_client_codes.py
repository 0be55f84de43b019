import random

import pytest

from portal.core.client_codes import SIGNS, make_code, read_code


def test_a_code_has_45_bits_and_is_read_back_however_it_is_typed():
    code = make_code(random.Random(1).choice)
    assert len(SIGNS) ** 9 == 2**45
    assert read_code(code) == code
    assert read_code(f"  {code.lower().replace('-', ' ')} ") == code
    assert read_code(code.replace("-", "–")) == code


def test_letters_that_look_like_digits_are_read_as_them():
    assert read_code("oil-OIL-0il") == "011-011-011"


@pytest.mark.parametrize(
    "text", ["", "ABC", "ABC-DEF-GH", "ABC-DEF-GHJK", "ABC-DEF-GH!", "\x00" * 9, "กขค-กขค-กขค", "UUU-UUU-UUU"]
)
def test_what_cannot_be_a_code_is_none(text):
    assert read_code(text) is None

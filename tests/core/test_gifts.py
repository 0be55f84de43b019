import random

import pytest

from portal.core.gifts import make_code, read_code

PICK = random.Random(3).choice


def test_a_code_is_read_back_however_it_is_typed():
    for lender_id in (1, 7, 123_456):
        code = make_code(lender_id, PICK)
        assert read_code(code) == (lender_id, code)
        head, _, signs = code.partition("-")
        loose = f" {head}- {signs.lower().replace('-', ' ').replace('1', 'l').replace('0', 'o')} "
        assert read_code(loose) == (lender_id, code)


@pytest.mark.parametrize(
    "text",
    ["", "7", "7-", "7-K7M4", "0-K7M4-XQ2R-P9ZT", "x-K7M4-XQ2R-P9ZT", "7-K7M4-XQ2R-P9ZU", "7" * 40, "7-Ä-Ö"],
)
def test_what_is_no_code_is_none(text):
    assert read_code(text) is None


def test_codes_are_not_guessed():
    assert len({make_code(1, PICK) for _ in range(2_000)}) == 2_000

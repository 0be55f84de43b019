import pytest

from portal.core.agreements.records import CODE_DIGITS, has_read, reading_code


def test_a_code_has_four_digits_is_steady_and_differs_between_agreements():
    codes = [reading_code(f"agr_{number}") for number in range(2_000)]
    assert all(len(code) == CODE_DIGITS and code.isascii() and code.isdigit() for code in codes)
    assert reading_code("agr_7") == codes[7]
    assert len(set(codes)) > 1_500


@pytest.mark.parametrize(
    ("asked", "typed", "read"),
    [
        ("", "", True),
        ("", "1234", True),
        ("1234", "1234", True),
        ("1234", "", False),
        ("1234", "١٢٣٤", False),
    ],
)
def test_only_the_code_of_the_text_shows_that_it_was_opened(asked, typed, read):
    assert has_read(asked=asked, typed=typed) is read

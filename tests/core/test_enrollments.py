from datetime import UTC, date, datetime

import pytest

from portal.core.enrollments import is_code, is_in_time, is_to_come, read_code, shown_code

CODE = "abcdefghjkmnpqrstuvwxyz234"


def test_a_code_is_read_back_as_it_is_shown():
    assert shown_code(CODE) == "abcd efgh jkmn pqrs tuvw xyz2 34"
    assert read_code(f"  {shown_code(CODE).upper()}") == CODE
    assert is_code(CODE)


@pytest.mark.parametrize(
    "text", ["", "a" * 19, "a" * 41, "A" * 26, "l" * 26, "1" * 26, "a b" * 9, "\x00" * 26]
)
def test_what_cannot_be_a_code(text):
    assert not is_code(text)


@pytest.mark.parametrize(("day", "counts"), [(1, True), (8, True), (9, False)])
def test_a_step_counts_until_seven_days_after_it_was_due(day, counts):
    assert is_in_time(on=date(2027, 3, day), due_by=date(2027, 3, 1)) is counts


def test_a_day_has_not_come_where_it_begins_nowhere_yet():
    evening = datetime(2027, 3, 1, 10, 1, tzinfo=UTC)
    assert not is_to_come(on=date(2027, 3, 2), now=evening)
    assert is_to_come(on=date(2027, 3, 2), now=datetime(2027, 3, 1, 9, 59, tzinfo=UTC))

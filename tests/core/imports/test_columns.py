from portal.core.imports.columns import AMOUNTS, COLUMNS, OPTIONAL, match_header, unknown_targets


def test_columns_are_found_in_any_order_and_spelling_and_the_rest_is_reported():
    header = [name.upper().replace("_", " ") for name in reversed(COLUMNS)] + ["branch", None]
    found = match_header(header)
    assert found.is_usable
    assert found.positions["status"] == 0
    assert found.ignored == ("branch",)


def test_the_lists_speak_of_columns_only():
    assert set(AMOUNTS) | OPTIONAL <= set(COLUMNS)
    assert unknown_targets({"a": "status", "b": "state"}) == ["state"]


def test_a_header_of_anything_is_matched_or_reported():
    found = match_header([None, "", "Status", "status ", 5])
    assert found.doubled == ("status",)
    assert found.ignored == ("5",)
    assert "status" not in found.positions

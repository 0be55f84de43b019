from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.imports.columns import COLUMNS
from portal.core.imports.faults import Fault, explain
from portal.core.imports.rows import AccountRow
from tests.core.imports.rows import GOOD, a_reader, read, reasons


def test_a_good_row_is_read_whole():
    row = read()
    assert isinstance(row, AccountRow)
    assert (row.principal_minor, row.interest_minor, row.fees_minor) == (100050, 2000, 0)
    assert row.balance_minor == 102050
    assert row.annual_rate == Decimal("0.1407")
    assert row.opened_on == date(2024, 3, 5)
    assert row.person.phone == "+12015550105"
    assert row.state == "open"


def test_what_may_be_empty_is_empty():
    row = read(
        date_of_birth="", id_last4="", phone="", email=" ", region="", last_payment_on="", original_amount=""
    )
    assert (row.person.birth_date, row.person.phone, row.last_payment_on) == (None, "", None)
    assert row.original_minor == row.principal_minor


def test_a_closed_and_a_current_row_are_not_overdue():
    closed = read(status="closed", delinquent_since="", principal="0", interest="0", fees="0")
    assert (closed.state, closed.delinquent_since, closed.balance_minor) == ("closed", None, 0)
    assert read(status="Current", delinquent_since="").state == "open"


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"account_ref": " "}, ("account_ref", "required")),
        ({"full_name": "Ana\nLima"}, ("full_name", "text.control")),
        ({"full_name": "Ana\x00"}, ("full_name", "text.control")),
        ({"full_name": "abc\u202edef"}, ("full_name", "text.control")),
        ({"full_name": "Jos\udce9"}, ("full_name", "text.undecodable")),
        ({"full_name": "x" * 201}, ("full_name", "text.too_long")),
        ({"date_of_birth": "2020-01-01"}, ("date_of_birth", "birth.age")),
        ({"date_of_birth": "1901-01-01"}, ("date_of_birth", "birth.age")),
        ({"date_of_birth": "2523-05-04"}, ("date_of_birth", "date.buddhist_year")),
        ({"id_last4": "56"}, ("id_last4", "id_last4.format")),
        ({"phone": "555"}, ("phone", "phone.invalid")),
        ({"email": "ana@"}, ("email", "email.invalid")),
        ({"language": "portuguese"}, ("language", "language.unknown")),
        ({"country": "XX"}, ("country", "country.unknown")),
        ({"time_zone": "Bangkok"}, ("time_zone", "time_zone.unknown")),
        ({"currency": "US$"}, ("currency", "currency.unknown")),
        ({"fees": ""}, ("fees", "required")),
        ({"annual_rate_percent": ""}, ("annual_rate_percent", "required")),
        ({"opened_on": "2027-01-01"}, ("opened_on", "date.future")),
        ({"status": "late"}, ("status", "status.unknown")),
        ({"status": "current"}, ("status", "status.late_but_current")),
        ({"delinquent_since": ""}, ("delinquent_since", "status.arrears_without_date")),
    ],
)
def test_one_wrong_cell_is_named_and_the_row_is_not_taken(changes, wanted):
    found = read(**changes)
    assert reasons(found) == [wanted]
    assert all(explain(found[0]))


def test_every_wrong_cell_of_a_row_is_named_at_once():
    found = read(full_name="", principal="x", opened_on="5")
    assert {column for column, _ in reasons(found)} == {"full_name", "principal", "opened_on"}


def test_a_row_of_another_width_is_refused():
    found = a_reader().read(["a", "b"])
    assert found == [Fault("", "row.cells", params={"found": 2, "wanted": len(COLUMNS)})]


def test_formulas_and_markup_stay_text():
    for text in (
        "=cmd|' /C calc'!A0",
        "+1+1",
        "@SUM(A1)",
        "-Ana",
        "<script>alert(1)</script>",
        "'; DROP TABLE x; --",
    ):
        assert read(full_name=text).person.full_name == text


def test_names_are_normalized_and_kept_in_their_script():
    assert read(full_name="Jose\u0301").person.full_name == "José"
    assert read(full_name=" ทับทิม เนื้อนุ่ม ").person.full_name == "ทับทิม เนื้อนุ่ม"


@pytest.mark.parametrize(
    ("text", "tag"),
    [("EN", "en"), ("pt_br", "pt-BR"), ("zh-TW", "zh-Hant"), ("zh", "zh-Hans"), ("zh_hant_hk", "zh-Hant")],
)
def test_language_tags_take_their_usual_form(text, tag):
    assert read(language=text).person.language == tag


def test_equal_rows_have_equal_canonical_texts_and_others_not():
    assert read().canonical() == read(principal="1000.50", phone="+1 201 555 0105").canonical()
    for change in (
        {"phone": "+12015550106"},
        {"fees": "0.01"},
        {"status": "closed"},
        {"full_name": "Ana Lim"},
    ):
        assert read(**change).canonical() != read().canonical()


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=40), max_size=4))
def test_any_text_in_any_column_gives_a_row_or_explained_faults(changes):
    found = read(**changes)
    if isinstance(found, AccountRow):
        found.canonical().encode()
        return
    assert found
    for one in found:
        assert one.column in COLUMNS
        assert all(explain(one))


def test_the_good_row_names_every_column():
    assert set(GOOD) == set(COLUMNS)


def test_cells_of_json_that_are_no_text_are_refused_and_never_confused():
    reader = a_reader()
    for cell in (["US"], {"a": 1}, True, 1.5):
        assert reasons(read(reader=reader, country=cell)) == [("country", "text.kind")]
    assert isinstance(read(reader=reader), AccountRow)

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook

from portal.gateways.tables import workbooks
from portal.gateways.tables.opening import open_table
from portal.gateways.tables.shapes import TableError

DAY = dt.datetime(2026, 3, 31)  # noqa: DTZ001 - a cell has no zone


def a_workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream


def with_part(stream, name, content, *, level=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(stream, "a", level) as parts:
        parts.writestr(name, content)
    return stream


def test_a_workbook_gives_exact_numbers_dates_and_text():
    stream = a_workbook([["ref", "amount", "on", "name"], ["A-1", 1234.56, DAY, "Ana"], [7, 100.0]])
    table = open_table(stream, name="f.xlsx")
    assert (table.kind, table.header, table.encoding) == ("xlsx", ["ref", "amount", "on", "name"], None)
    assert list(table.rows) == [
        (2, ["A-1", Decimal("1234.56"), DAY, "Ana"]),
        (3, [7, 100, None, None]),
    ]


def test_formulas_and_booleans_are_not_numbers():
    stream = a_workbook([["a", "b"], [True, "'=1+1"]])
    assert [row for _, row in open_table(stream, name="f").rows] == [["TRUE", "'=1+1"]]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("xl/vbaProject.bin", b"macro", "workbook.macros"),
        ("xl/extra.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "workbook.entities"),
        ("xl/extra.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"), "workbook.entities"),
        ("xl/bomb.bin", bytes(50_000_000), "workbook.ratio"),
    ],
)
def test_dangerous_workbooks_are_refused_before_they_are_read(name, content, reason):
    stream = with_part(a_workbook([["a", "b"], [1, 2]]), name, content)
    with pytest.raises(TableError) as caught:
        open_table(stream, name="f.xlsx")
    assert caught.value.fault.reason == reason


def test_what_is_too_large_unpacked_is_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "UNPACKED_MAX", 1000)
    with pytest.raises(TableError) as caught:
        open_table(a_workbook([["a", "b"]]), name="f.xlsx")
    assert caught.value.fault.reason == "workbook.too_large"


def test_ruins_of_workbooks_are_refused():
    whole = a_workbook([["a", "b"], [1, 2]]).getvalue()
    for data in (whole[:-40], whole[:200], whole[:30] + bytes(100) + whole[130:]):
        with pytest.raises(TableError):
            list(open_table(io.BytesIO(data), name="f.xlsx").rows)
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as parts:
        parts.writestr("hello.txt", "x")
    with pytest.raises(TableError):
        open_table(empty, name="f.xlsx")

import base64
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from portal.core.imports.faults import Fault
from portal.gateways.tables.opening import open_table
from portal.gateways.tables.shapes import TableError

VECTORS = Path(__file__).parents[4] / "shared" / "vectors"


def opened(data, **options):
    return open_table(io.BytesIO(data if isinstance(data, bytes) else data.encode()), name="f", **options)


def cells(data, **options):
    return [row for _, row in opened(data, **options).rows]


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not here")
def test_the_csv_spectrum_is_read_as_it_expects():
    for case in json.loads((VECTORS / "csv_spectrum.json").read_text())["cases"]:
        if not case["reproduced_by_python_csv"]:
            continue
        table = opened(base64.b64decode(case["csv_base64"]))
        rows = [dict(zip(table.header, row, strict=True)) for _, row in table.rows]
        assert rows == case["expected_rows"], case["id"]


def test_line_ends_inside_quotes_are_kept_and_all_line_ends_are_read():
    assert cells('a,b\r\n1,"x\r\ny"\r\n2,z') == [["1", "x\r\ny"], ["2", "z"]]
    assert cells("a,b\r1,2\r3,4") == [["1", "2"], ["3", "4"]]


def test_rows_have_the_numbers_that_a_spreadsheet_shows():
    table = opened('a,b\n1,"x\ny"\n\n3,4\n')
    assert [number for number, _ in table.rows] == [2, 4]


@pytest.mark.parametrize(("mark", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_the_separator_is_seen_and_reported(mark, name):
    table = opened(f'"a{mark};,x"{mark}b{mark}c\n1{mark}2{mark}3')
    assert (table.separator, "separator" in table.detected) == (name, True)
    assert "separator" not in opened(f"a{mark}b", separator=name).detected


def test_a_misplaced_quote_costs_its_row_and_an_open_one_the_file():
    assert cells('a,b\n1,"x"y\n3,4') == [Fault("", "row.quote"), ["3", "4"]]
    for broken in ('a,b\n1,"open\n3,4\n', "a,b\n1," + "x" * 200_000):
        with pytest.raises(TableError, match="row 2"):
            cells(broken)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file.empty"),
        (b"\n\n", "file.empty"),
        (b"onlyone\n1\n", "file.separator_unclear"),
        (b"%PDF-1.7" + bytes(100), "file.binary"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "file.binary"),
        (",".join("c" * 201).encode(), "file.too_wide"),
        (b"PK\x03\x04broken", "workbook.broken"),
        (b"{broken\n", "file.binary"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data, reason):
    with pytest.raises(TableError) as caught:
        opened(data)
    assert caught.value.fault.reason == reason


def test_json_lines_keep_numbers_exact_and_name_bad_lines():
    text = '{"a": 1.10, "b": "x"}\nnot json\n[1]\n\n{"b": null, "c": 2}\n'
    table = opened(text, columns=("a", "b", "c"))
    assert table.header == ["a", "b", "c"]
    assert list(table.rows) == [
        (1, [Decimal("1.10"), "x", None]),
        (2, Fault("", "row.not_object")),
        (3, Fault("", "row.not_object")),
        (5, [None, None, 2]),
    ]


def test_the_callers_stream_stays_open_and_its_digest_is_of_the_bytes():
    stream = io.BytesIO(b"a,b\n1,2\n")
    table = open_table(stream, name="f")
    assert list(table.rows)
    assert not stream.closed
    assert len(table.digest) == 32

import io

import pytest

from portal.gateways.tables.opening import open_table
from portal.gateways.tables.shapes import TableError

NAMES = {
    "windows-1252": [
        "José Müller",
        "Ana Conceição",
        "Zoë Lefèvre",
        "Señor Núñez",
        "Crédito Aurora",
        "João Araújo",
    ]
    * 4,
    "gb18030": ["刘倩", "印秀华", "蒋娜", "晨光消费金融", "王小明", "张伟", "李秀英", "陈建国"] * 3,
    "big5": ["陳家宏", "蔡素珍", "江武雄", "遠景信用卡", "陳秋月", "林淑芬", "黃志明", "張雅婷"] * 3,
    "windows-874": ["ทับทิม เนื้อนุ่ม", "ภูมิปัญญา บุญศล", "สินเชื่อรุ่งเรือง", "นารดา แท่นทอง", "สมชาย ใจดี"] * 4,
}
CODECS = {"windows-1252": "cp1252", "gb18030": "gb18030", "big5": "big5", "windows-874": "cp874"}


def a_file(names):
    return "ref,name,country\n" + "".join(f"A-{n},{name},XX\n" for n, name in enumerate(names))


def read(data, **options):
    table = open_table(io.BytesIO(data), name="f", **options)
    return [row[1] for _, row in table.rows], table


@pytest.mark.parametrize("encoding", list(NAMES))
def test_legacy_encodings_are_seen_and_reported(encoding):
    names, table = read(a_file(NAMES[encoding]).encode(CODECS[encoding]))
    assert names == NAMES[encoding]
    assert (table.encoding, "encoding" in table.detected) == (encoding, True)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_files_are_read_with_and_without_their_mark(codec):
    every = [name for names in NAMES.values() for name in names]
    names, table = read(a_file(every).encode(codec))
    assert names == every
    assert table.encoding == ("utf-8" if "8" in codec else "utf-16")
    assert ("encoding" in table.detected) == (codec in ("utf-8", "utf-16-le", "utf-16-be"))


@pytest.mark.parametrize("encoding", [*NAMES, "utf-8", "utf-16"])
def test_a_stated_encoding_gives_the_same_names(encoding):
    wanted = NAMES.get(encoding, NAMES["gb18030"])
    names, table = read(a_file(wanted).encode(CODECS.get(encoding, encoding)), encoding=encoding)
    assert names == wanted
    assert "encoding" not in table.detected


def test_what_could_be_two_encodings_is_refused():
    with pytest.raises(TableError) as caught:
        read("a,b\n1,é\n".encode("cp1252"))
    assert caught.value.fault.reason == "file.encoding_unclear"
    with pytest.raises(TableError) as caught:
        read(b"a,b\n", encoding="klingon")
    assert caught.value.fault.reason == "file.encoding_unknown"


def test_a_few_broken_bytes_cost_their_row_and_not_the_file():
    names = ["José Müller", "Ana Conceição", "Zoë Lefèvre"] * 20
    data = a_file(names).encode() + b"A-99,Jos\xe9,XX\n"
    found, table = read(data)
    assert table.encoding == "utf-8"
    assert found[:-1] == names
    assert found[-1] == "Jos\udce9"

"""Eight encodings, a hundred names of every script that they can hold: the same names come out of all of them."""

import io

import pytest

from portal.gateways.tables.opening import open_table

SCRIPTS = {
    "latin": (
        ["José", "Zoë", "João", "Núria", "Björn", "Mónica", "Léa", "Señora", "Conceição", "Jürgen"],
        [
            "Müller",
            "Lefèvre",
            "Araújo",
            "Núñez",
            "Gonçalves",
            "Peña",
            "Côté",
            "Magalhães",
            "Sørensen",
            "Åberg",
        ],
    ),
    "thai": (
        ["ทับทิม", "ภูมิปัญญา", "นารดา", "สมชาย", "สุภาพร", "วิชัย", "กัญญา", "ประเสริฐ", "มาลี", "ธนกร"],
        ["เนื้อนุ่ม", "บุญศล", "แท่นทอง", "ใจดี", "รุ่งเรือง", "ศรีสุข", "ทองคำ", "แสงจันทร์", "พึ่งบุญ", "วงศ์ใหญ่"],
    ),
    "simplified": (
        ["刘", "印", "蒋", "王", "张", "李", "陈", "赵", "杨", "黄"],
        ["倩", "秀华", "娜", "小明", "伟", "秀英", "建国", "丽", "强", "敏"],
    ),
    "traditional": (
        ["陳", "蔡", "江", "林", "黃", "張", "劉", "楊", "吳", "謝"],
        ["家宏", "素珍", "武雄", "秋月", "淑芬", "志明", "雅婷", "建華", "麗娟", "俊傑"],
    ),
}
#: Name -> codec of the bytes, the encoding that is reported, the scripts that it can hold.
ENCODINGS = {
    "UTF-8": ("utf-8", "utf-8", tuple(SCRIPTS)),
    "UTF-8 with its mark": ("utf-8-sig", "utf-8", tuple(SCRIPTS)),
    "UTF-16, little end first": ("utf-16-le", "utf-16", tuple(SCRIPTS)),
    "UTF-16 with its mark": ("utf-16", "utf-16", tuple(SCRIPTS)),
    "GB18030": ("gb18030", "gb18030", tuple(SCRIPTS)),
    "Big5": ("big5", "big5", ("traditional",)),
    "Windows-874": ("cp874", "windows-874", ("thai",)),
    "Windows-1252": ("cp1252", "windows-1252", ("latin",)),
}
CASES = [(name, script) for name, (_, _, scripts) in ENCODINGS.items() for script in scripts]


def names_in(script):
    first, last = SCRIPTS[script]
    return [f"{one} {other}" for one in first for other in last]


def read(data, **stated):
    table = open_table(io.BytesIO(data), name="accounts.csv", **stated)
    return [cells[1] for _, cells in table.rows], table.encoding


@pytest.mark.parametrize(("name", "script"), CASES)
def test_the_same_hundred_names_come_out(name, script):
    codec, reported, _held = ENCODINGS[name]
    names = names_in(script)
    assert len(set(names)) == 100
    data = "".join(f"AC-{number},{one}\n" for number, one in enumerate(["full_name", *names])).encode(codec)
    assert read(data, encoding=reported) == (names, reported)
    if codec != "gb18030" or script == "simplified":  # GB18030 is seen by its common characters only
        assert read(data) == (names, reported)

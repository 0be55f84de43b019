"""Makes big fonts small inside a PDF without touching a byte of them.

A Chinese font keeps its 63,000 glyph numbers when all but a few hundred glyphs are cut away. What is left is mainly a
table of offsets that grow by one at a time, which plain compression cannot see: 135 of 160 KB. PDF's own remedy is a
predictor (ISO 32000-2, 7.4.4.4): inside that table each offset is written as its difference from the one before.
"""

import io
import zlib
from typing import Any

import pydyf
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont

NONE, UP = 0, 2
GLYPHS_MIN = 2_000
"""Below this a font's table of offsets is small anyway."""


def shrink_fonts(document: Any, pdf: pydyf.PDF) -> None:
    """Compress each OpenType font of a finished document; WeasyPrint calls it before it writes the file."""
    del document
    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and one.extra.get("Subtype") == "/OpenType":
            font = b"".join(part if isinstance(part, bytes) else part.data for part in one.stream)
            _compress(one, font)


def _compress(stream: pydyf.Stream, font: bytes) -> None:
    found = _offsets_of(font)
    if found is None:
        return
    start, width, count = found
    predicted = predict(font, start=start, width=width, count=count)
    stream.stream = [zlib.compress(predicted, 9)]
    stream.compress = False
    stream.extra["Filter"] = "/FlateDecode"
    stream.extra["DecodeParms"] = pydyf.Dictionary({"Predictor": 12, "Columns": width})


def _offsets_of(font: bytes) -> tuple[int, int, int] | None:
    """Find the offsets of a CFF font's glyphs: where they start, how wide each is, how many; None for other fonts."""
    reader = TTFont(io.BytesIO(font), lazy=True).reader
    if "CFF " not in reader.keys():  # noqa: SIM118 - a reader is no mapping
        return None
    table = reader["CFF "]
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(table), None)
    at = fonts.topDictIndex[0].rawDict["CharStrings"]
    count, width = int.from_bytes(table[at : at + 2], "big"), table[at + 2]
    if count < GLYPHS_MIN:
        return None
    return reader.tables["CFF "].offset + at + 3, width, count + 1


def predict(content: bytes, *, start: int, width: int, count: int) -> bytes:
    """Return the rows of a PNG predictor: `width` bytes a row, told as differences where the offsets are, else as is.

    The result has one byte more a row, which says how the row is told. The last row is filled up with zeros.
    """
    content += bytes(-len(content) % width)
    first, last = -(-start // width) + 1, (start + width * count) // width
    rows = len(content) // width
    tags = bytearray(rows)
    out = bytearray(rows * (width + 1))
    if last > first:
        tags[first:last] = bytes([UP]) * (last - first)
    out[:: width + 1] = tags
    for column in range(width):
        plain = content[column::width]
        told = bytearray(plain)
        if last > first:
            pairs = zip(plain[first:last], plain[first - 1 : last - 1], strict=True)
            told[first:last] = bytes((new - old) & 255 for new, old in pairs)
        out[column + 1 :: width + 1] = told
    return bytes(out)

import random
import zlib

import pytest

from portal.gateways.pdf_fonts import predict


def undo(predicted, width):
    """The slow way back, as ISO 32000-2 and the PNG standard tell it."""
    out, above = bytearray(), bytes(width)
    for at in range(0, len(predicted), width + 1):
        tag, row = predicted[at], predicted[at + 1 : at + 1 + width]
        assert tag in (0, 2)
        above = bytes((a + b) & 255 for a, b in zip(row, above, strict=True)) if tag == 2 else bytes(row)
        out += above
    return bytes(out)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_what_is_predicted_comes_back_byte_for_byte(width):
    dice = random.Random(7)
    for _ in range(60):
        content = dice.randbytes(dice.randint(1, 400))
        start = dice.randint(0, len(content))
        count = dice.randint(0, (len(content) - start) // width)
        back = undo(predict(content, start=start, width=width, count=count), width)
        assert back[: len(content)] == content
        assert not any(back[len(content) :])


def test_a_table_that_grows_by_one_shrinks_to_almost_nothing():
    table = b"".join(number.to_bytes(3, "big") for number in range(60_000))
    content = b"head" + table + b"glyphs" * 100
    plain, told = (
        zlib.compress(content, 9),
        zlib.compress(predict(content, start=4, width=3, count=60_000), 9),
    )
    assert len(told) < len(plain) / 50

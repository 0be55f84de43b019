"""An archive is written in one way only; every other one is refused before it is unpacked."""

import io
import random
import zipfile

import pytest

from portal.gateways import archives
from portal.gateways.archives import ArchiveError, read_archive, write_archive

FILES = {"b/two.json": b"{}\n", "a.txt": b"one", "log/empty": b"", "ไทย.txt": "ไทย".encode()}


def packed(method=zipfile.ZIP_DEFLATED, content=b"x" * 10_000, **more):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("a.txt", content, **more)
    return made.getvalue()


def test_the_same_files_give_the_same_bytes_in_any_order():
    content = write_archive(FILES)
    assert content == write_archive(dict(reversed(FILES.items())))
    assert read_archive(content) == FILES
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_every_flipped_byte_is_refused_or_read_as_another_file():
    content = write_archive(FILES)
    for at in range(len(content)):
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        with pytest.raises(ArchiveError):
            read_archive(changed)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18 + b"more", packed(), packed(zipfile.ZIP_STORED),
        packed(content=b"\0" * 20_000_000), write_archive(FILES) + b"x", b"x" + write_archive(FILES),
        write_archive(FILES)[:-10], random.Random(1).randbytes(5_000),
    ],
)  # fmt: skip
def test_any_other_archive_is_refused(content):
    with pytest.raises(ArchiveError):
        read_archive(content)


def test_too_many_files_and_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "FILES_MAX", 3)
    with pytest.raises(ArchiveError):
        read_archive(write_archive(FILES))
    monkeypatch.setattr(archives, "ARCHIVE_BYTES_MAX", 10)
    with pytest.raises(ArchiveError, match="more than"):
        read_archive(write_archive({"a": b"x"}))

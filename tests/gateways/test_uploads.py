"""A file from a stranger is read within limits, whatever is in it."""

import hashlib
import io
import random
import time
import zipfile
import zlib

import pytest

from portal.gateways import uploads
from portal.gateways.uploads import kind_of, read_upload, unpacked_streams

REF = "agr_" + "0" * 20 + "3f2a90c417de"


def a_pdf(*parts):
    streams = b"".join(
        b"1 0 obj<</Filter/FlateDecode>>stream\n" + zlib.compress(part) + b"\nendstream\n" for part in parts
    )
    return b"%PDF-2.0\n" + streams + b"%%EOF\n"


def test_the_files_inside_a_pdf_and_what_they_name_are_found():
    terms = b'{"agreement":"' + REF.encode() + b'"}'
    found = read_upload(a_pdf(b"page", terms))
    assert found.kind == "pdf"
    assert hashlib.sha256(terms).hexdigest() in found.inner
    assert found.codes[0] == REF


def test_the_signed_text_inside_a_saved_page_is_found():
    article = b'<article class="doc" lang="en">Number 3F2A90C417DE</article>'
    found = read_upload(b"<!doctype html><html><body>" + article + b"</body></html>")
    assert (found.kind, found.inner) == ("html", (hashlib.sha256(article).hexdigest(),))
    assert found.codes == ("3f2a90c417de",)


def test_kinds_are_told_by_bytes_and_not_by_names():
    assert [kind_of(one) for one in (b"", b"\xef\xbb\xbf{}", b"  <html>", b"PK\x03\x04", b"MZ\x90")] == [
        "other", "json", "html", "zip", "other",
    ]  # fmt: skip


def a_zip_bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}", b"\0" * 2_000_000)
    return made.getvalue()


def test_a_bomb_is_unpacked_to_the_limit_and_no_further(monkeypatch):
    monkeypatch.setattr(uploads, "UNPACKED_BYTES_MAX", 3_000_000)
    bomb = a_pdf(*[b"\0" * 2_000_000] * 5)
    assert sum(map(len, unpacked_streams(bomb))) == 3_000_000
    assert sum(1 for _ in unpacked_streams(a_pdf(*[b"x"] * 900))) == uploads.STREAMS_MAX
    assert read_upload(a_zip_bomb()).inner == ()


def a_zip(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


HOSTILE = {
    "empty": b"",
    "truncated stream": a_pdf(b"x" * 5_000)[:-60],
    "header only": b"%PDF-1.7",
    "stream at the end": b"%PDF-1.7 stream\n",
    "links": b"%PDF-1.7 /URI (http://127.0.0.1/) /F (file:///etc/passwd) /JS (app.alert(1)) /Launch",
    "many words": b"%PDF-" + b"stream\n" * 60_000,
    "many refs": REF.encode() + (b" " + REF.encode()) * 10_000,
    "many articles": b"<" + b"<article" * 50_000,
    "zip": a_zip_bomb(),
    "zip with paths outside": a_zip(
        {"../../etc/passwd": b"x", "/abs": b"x", "C:\\a": b"x", "a\u202egpj": b"x"}
    ),
    "zip in a zip": a_zip({"inner.zip": a_zip({"inner.zip": a_zip_bomb()})}),
    "torn zip": a_zip({"manifest.json": b"x" * 5_000})[:-40],
    "deep json": b"{" + b"[" * 300_000,
    "nul": b"\0" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_read_quickly_and_says_nothing_much(name):
    started = time.process_time()
    found = read_upload(HOSTILE[name])
    assert time.process_time() - started < 2
    assert len(found.codes) <= uploads.CODES_MAX


def test_random_bytes_after_every_mark_are_read():
    chance = random.Random(3)
    for mark in (b"%PDF-1.7\nstream\n", b"PK\x03\x04", b"{", b"<article>"):
        for _ in range(50):
            content = mark + chance.randbytes(chance.randrange(400))
            assert read_upload(content).digest == hashlib.sha256(content).hexdigest()

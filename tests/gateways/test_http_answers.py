"""The reader of answers against the standard library's, over answers cut into any pieces."""

import http.client
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gateways.http_answers import AnswerReader, CutAnswerError, MalformedAnswerError

MOST = 64
OK = b"HTTP/1.1 200 OK\r\n"
NO_BODY = (204, 304)


def read(raw, cuts=(1_000,)):
    """Feed a reader the bytes in pieces of these sizes, over and over, then the end; gives the reader."""
    reader, stream, sizes = AnswerReader(MOST), io.BytesIO(raw), [*cuts]
    while piece := stream.read(sizes[0]):
        sizes.append(sizes.pop(0))
        if reader.feed(piece):
            return reader
    reader.end()
    return reader


def theirs(raw):
    class Wire:
        def makefile(self, _mode):
            return io.BufferedReader(io.BytesIO(raw))

    answer = http.client.HTTPResponse(Wire(), method="POST")
    answer.begin()
    return answer.status, answer.getheader("retry-after"), answer.read(MOST)


NAMES = st.sampled_from(["X-One", "server", "Retry-After", "date", "Content-Type"])
VALUES = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=12)
BODIES = st.binary(max_size=40)


def with_length(body):
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def in_chunks(body):
    pieces = [body[start : start + 7] for start in range(0, len(body), 7)]
    return (
        b"transfer-encoding: chunked\r\n\r\n"
        + b"".join(b"%x;a=b\r\n%s\r\n" % (len(one), one) for one in pieces)
        + b"0\r\nTrailer: x\r\n\r\n"
    )


def to_the_end(body):
    return b"\r\n" + body


@given(
    st.integers(200, 599),
    st.dictionaries(NAMES, VALUES, max_size=4),
    BODIES,
    st.sampled_from([with_length, in_chunks, to_the_end]),
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
    st.integers(0, 2),
)
def test_it_reads_what_the_standard_library_reads(status, headers, body, ending, cuts, interim):
    lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
    raw = b"HTTP/1.1 100 Continue\r\n\r\n" * interim + b"HTTP/1.1 %d Word\r\n" % status + lines + ending(body)
    ours = read(raw, cuts)
    known = theirs(raw)
    told = ours.head.retry_after
    assert (ours.head.status, told.strip() if told is not None else None, ours.content) == (
        known[0],
        known[1].strip() if known[1] is not None else None,
        known[2] if status not in NO_BODY else b"",  # theirs reads chunks where none can be (RFC 9112, 6.3)
    )
    if status not in NO_BODY:
        assert ours.is_reusable is (ending is not to_the_end)


@pytest.mark.parametrize(
    ("raw", "is_reusable"),
    [
        (OK + b"content-length: 2\r\n\r\nok", True),
        (OK + b"content-length: 2\r\nConnection: close\r\n\r\nok", False),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok", False),
        (OK + b"content-length: 2\r\n\r\nokHTTP/1.1 200 OK", False),
        (OK + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", False),
        (OK + b"content-length: 900\r\n\r\n" + b"z" * 900, False),
        (OK + b"transfer-encoding: gzip\r\n\r\nok", False),
        (b"HTTP/1.1 204 No Content\r\n\r\n", True),
    ],
)
def test_a_connection_is_used_again_only_when_nothing_is_left_in_doubt(raw, is_reusable):
    assert read(raw).is_reusable is is_reusable


@pytest.mark.parametrize(
    "raw",
    [
        b"220 mail.example ESMTP\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 999 x\r\n\r\n",
        b"HTTP/1.1 20 x\r\n\r\n",
        OK + b"no colon\r\n\r\n",
        OK + b"a b: c\r\n\r\n",
        OK + b" folded: x\r\n\r\n",
        OK + b"content-length: -1\r\n\r\n",
        OK + b"content-length: 1\r\ncontent-length: 2\r\n\r\n",
        OK + b"x: " + b"y" * 20_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 6,
    ],
)
def test_what_is_no_answer_is_refused(raw):
    with pytest.raises(MalformedAnswerError):
        read(raw)


@pytest.mark.parametrize(("raw", "is_silent"), [(b"", True), (OK, False), (b"HTT", False)])
def test_a_cut_is_told_from_silence(raw, is_silent):
    with pytest.raises(CutAnswerError) as cut:
        read(raw)
    assert cut.value.is_silent is is_silent


@pytest.mark.parametrize("chunks", [b"x\r\n", b"1\r\nzzz", b"FFFFFFFFFFFFF\r\n"])
def test_chunks_that_are_none_are_refused(chunks):
    with pytest.raises(MalformedAnswerError):
        read(OK + b"transfer-encoding: chunked\r\n\r\n" + chunks)

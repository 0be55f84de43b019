"""A signed head says one thing in one way; its keys are known by their ids."""

import base64
import hashlib

import pytest

from portal.core.errors import EvidenceError
from portal.core.evidence.checkpoint import (
    Head,
    LogKey,
    origin_of,
    read_head,
    read_key,
    read_note,
    write_note,
)
from tests.core.evidence.logs import ORIGIN, START, pairs, sign

HEAD = Head(origin=ORIGIN, size=4_096, root=bytes(range(32)), at=START)


def test_the_text_is_that_of_the_checkpoint_format():
    assert origin_of("acme") == ORIGIN
    assert HEAD.text() == (
        "portal/acme/events\n4096\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\ntime 2026-12-01T09:30:00.000000Z\n"
    )
    assert read_head(HEAD.text()) == HEAD


def test_a_key_id_is_that_of_the_note_format():
    ed25519, ml_dsa = (pair.key for pair in pairs())
    wanted = hashlib.sha256(b"portal/acme/events\n\x01" + ed25519.public).digest()[:4]
    assert ed25519.key_id == wanted
    assert ml_dsa.key_id == hashlib.sha256(b"portal/acme/events\n\xffML-DSA-65" + ml_dsa.public).digest()[:4]
    for key in (ed25519, ml_dsa):
        assert read_key(key.write()) == key


def test_a_note_is_read_as_it_is_written():
    text, signatures = read_note(sign(HEAD))
    assert text == HEAD.text()
    assert [one.key_id for one in signatures] == [pair.key.key_id for pair in pairs()]
    assert [len(one.signature) for one in signatures] == [64, 3309]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("4096", "04096"), lambda text: text.replace("4096", "+4096"),
        lambda text: text.replace("4096", "４096"), lambda text: text.replace("AAEC", "AAEc ", 1),
        lambda text: text.replace("time ", ""), lambda text: text + "more\n", lambda text: text.replace("-12-", "-13-"),
        lambda text: text[:-1], lambda _text: "", lambda text: text.replace("portal", "por tal"),
        lambda text: text.replace("4096", "9" * 40),
    ],
)  # fmt: skip
def test_a_head_written_in_another_way_is_none(change):
    with pytest.raises(EvidenceError):
        read_head(change(HEAD.text()))


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        "a\n\nb\n",
        HEAD.text(),
        HEAD.text() + "\n\u2014 x y\n",
        HEAD.text() + "\n\u2014 x AAAA z\n",
        "x" * 30_000,
    ],
)
def test_a_note_written_in_another_way_is_none(note):
    with pytest.raises(EvidenceError):
        read_note(note)


@pytest.mark.parametrize(
    "line",
    ["", "a+b+c", "portal/acme/events+00000000+" + base64.b64encode(b"\x01" + bytes(32)).decode(), "x" * 99],
)
def test_a_key_written_in_another_way_is_none(line):
    with pytest.raises(EvidenceError):
        read_key(line)


def test_a_name_that_could_break_the_lines_is_refused():
    with pytest.raises(EvidenceError):
        Head(origin="a\nb", size=1, root=bytes(32), at=START).text()
    assert write_note("a\n", [(LogKey(name="n", algorithm="ed25519", public=bytes(32)), b"s")]).startswith(
        "a\n\n\u2014 n "
    )

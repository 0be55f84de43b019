"""The gateway against the demo's authority over HTTP: stamped, refused, forged, out of reach."""

from types import SimpleNamespace

import httpx
import pytest
from flask import Flask, Response
from rfc3161_client import decode_timestamp_response

from portal.gateways.chosen import time_stamps_of
from portal.gateways.time_stamps import ANSWER_MAX, REPLY, TimeStampAuthority, TimeStampError
from portal.simulators.serving import running
from portal.simulators.time_stamps.app import TimeStamps
from portal.simulators.time_stamps.authority import make_authority, open_authority


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("stamps")


@pytest.fixture(scope="module")
def authority(home):
    with running(TimeStamps(open_authority(home)).app) as url:
        yield TimeStampAuthority(url=url, roots_file=str(home / "root.pem"))


def test_a_stamp_covers_exactly_these_bytes(authority):
    stamp = authority.stamp(b"head of a log")
    authority.check(stamp.token, b"head of a log")
    with pytest.raises(TimeStampError):
        authority.check(stamp.token, b"head of a fog")
    assert stamp.stamped_at.tzinfo is not None


def test_a_flipped_byte_is_refused_or_changes_nothing_of_what_is_said(authority):
    """Only what lies outside the signature (a spare certificate, a status text) can change unseen."""
    token = authority.stamp(b"content").token
    said, passed = decode_timestamp_response(token).tst_info, 0
    for place in range(0, len(token), 41):
        flipped = bytearray(token)
        flipped[place] ^= 1
        try:
            authority.check(bytes(flipped), b"content")
        except TimeStampError:
            continue
        passed += 1
        told = decode_timestamp_response(bytes(flipped)).tst_info
        assert (told.gen_time, told.serial_number) == (said.gen_time, said.serial_number), place
        assert told.message_imprint.message == said.message_imprint.message
    assert passed < len(token) / 41 / 2


def test_another_authority_is_not_believed(authority, home, tmp_path):
    open_authority(tmp_path)
    other = TimeStampAuthority(url=authority.url, roots_file=str(tmp_path / "root.pem"))
    with pytest.raises(TimeStampError):
        other.stamp(b"content")


def test_an_authority_keeps_its_keys_and_hides_them(home):
    assert open_authority(home).root == open_authority(home).root
    assert (home / "key.pem").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "trouble", [{"status": 500}, {"status": 302, "location": "/root.pem"}, {"drop": True}]
)
def test_trouble_is_said_and_passes(authority, trouble):
    httpx.post(f"{authority.url}/api/trouble", json=trouble)
    with pytest.raises(TimeStampError):
        authority.stamp(b"content")
    authority.stamp(b"content")


@pytest.mark.parametrize("body", [b"", b"nonsense", b"0" * (ANSWER_MAX + 10)])
def test_whatever_is_answered_is_no_stamp(home, body):
    app = Flask(__name__)
    app.add_url_rule("/", "x", lambda: Response(body, content_type=REPLY), methods=["POST"])
    with running(app) as url, pytest.raises(TimeStampError):
        TimeStampAuthority(url=url, roots_file=str(home / "root.pem")).stamp(b"content")


def test_an_address_that_nobody_listens_at_and_roots_that_are_not_there(home, tmp_path):
    gone = TimeStampAuthority(url="http://127.0.0.1:9", roots_file=str(home / "root.pem"))
    with pytest.raises(TimeStampError, match="reached"):
        gone.stamp(b"content")
    with pytest.raises(TimeStampError, match="roots"):
        TimeStampAuthority(url="http://127.0.0.1:9", roots_file=str(tmp_path / "none.pem")).roots()


def test_no_authority_without_both_settings():
    def chosen(url, roots):
        return time_stamps_of(SimpleNamespace(time_stamp_url=url, time_stamp_roots=roots))

    assert chosen(None, None) is None
    assert chosen("https://stamps.example.org", None) is None
    assert chosen("https://stamps.example.org", "roots.pem").url == "https://stamps.example.org"


def test_a_fresh_authority_differs():
    assert make_authority().root != make_authority().root

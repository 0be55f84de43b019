"""The demo phone's pages: safe, right to left where the text is, links that can be tapped."""

import json
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.sms import segments
from portal.simulators.inbox.app import Inbox
from portal.simulators.inbox.texts import linked, measure

PAYLOADS = Path(__file__).parents[3] / "shared" / "vectors" / "injection_payloads.json"
KEY = {"Authorization": "Bearer sms-demo-key"}


@pytest.fixture
def inbox(tmp_path):
    return Inbox(journal=tmp_path / "texts.jsonl")


def send(inbox, text, *, to="+66812345678", message_id="m1"):
    body = {"to": to, "from": "Tamarind", "text": text, "message_id": message_id}
    return inbox.app.test_client().post("/messages", json=body, headers=KEY)


def parse(page):
    return html5lib.parse(page.text, namespaceHTMLElements=False)


def test_a_page_per_number_newest_first_with_links(inbox):
    send(inbox, "Tamarind: you have a message. https://p.test/l/abc. STOP to end")
    second = send(inbox, "Word: lantern. https://p.test/l/def", message_id="m2").json
    send(inbox, "Other", to="+15005550006", message_id="m3")
    page = parse(inbox.app.test_client().get("/phones/66812345678"))
    links = [a.get("href") for a in page.iter("a") if a.get("href", "").startswith("https://")]
    assert links == ["https://p.test/l/def", "https://p.test/l/abc"]
    assert second["id"] in [li.get("id") for li in page.iter("li")]
    overview = parse(inbox.app.test_client().get("/"))
    assert [s.get("id") for s in overview.iter("section")] == ["n-15005550006", "n-66812345678"]


def test_what_the_sender_learns(inbox):
    answer = send(inbox, "สวัสดี" * 20)
    assert answer.status_code == 202
    assert (answer.json["encoding"], answer.json["segments"], answer.json["units"]) == ("UCS-2", 2, 120)


def test_a_restart_keeps_the_texts_and_their_ids(inbox, tmp_path):
    first = send(inbox, "hello").json
    again = Inbox(journal=tmp_path / "texts.jsonl")
    assert send(again, "hello").json == first
    assert send(again, "other").status_code == 409


@pytest.mark.parametrize(
    "body",
    [None, [], 3, {}, {"to": "0812"}, {"to": "+66812345678", "text": ""}, {"to": "+66812345678", "text": "x"},
     {"to": "+66812345678", "text": "x" * 2000, "message_id": "m"}, {"to": 5, "text": "x", "message_id": "m"}],
)  # fmt: skip
def test_odd_requests_are_refused(inbox, body):
    assert inbox.app.test_client().post("/messages", json=body, headers=KEY).status_code == 422


def test_the_key_is_asked_for(inbox):
    assert inbox.app.test_client().post("/messages", json={}).status_code == 401


def test_an_arabic_text_gets_its_direction_and_its_link_stays_left_to_right(inbox):
    send(inbox, "لديك رسالة https://p.test/l/abc")
    page = parse(inbox.app.test_client().get("/phones/66812345678"))
    sms = next(p for p in page.iter("p") if p.get("class") == "sms")
    assert sms.get("dir") == "auto"
    assert next(sms.iter("bdi")).get("dir") == "ltr"


def test_payloads_stay_text(inbox):
    texts = ["<script>alert(1)</script>", 'https://p.test/"><img src=x>', "javascript:alert(1)"]
    if PAYLOADS.exists():
        cases = json.loads(PAYLOADS.read_text(encoding="utf-8"))["cases"]
        texts += [str(case.get("payload") or case.get("input") or case)[:500] for case in cases]
    for place, text in enumerate(texts):
        send(inbox, text, message_id=f"p{place}")
    page = parse(inbox.app.test_client().get("/phones/66812345678"))
    assert not [tag for name in ("script", "img", "iframe", "svg", "style") for tag in page.iter(name)]
    assert all(a.get("href").startswith(("http://", "https://", "/", "?", "#")) for a in page.iter("a"))
    assert not [name for tag in page.iter() for name in tag.keys() if str(name).startswith("on")]  # noqa: SIM118 - an Element


@given(st.text(max_size=300))
def test_the_phone_counts_independently_and_equally(text):
    size, ours = measure(text), segments(text)
    assert (size.encoding, size.units, size.parts) == (ours.encoding, ours.units, ours.count)


@given(st.text(max_size=200))
def test_any_text_survives_linking(text):
    shown = html5lib.parseFragment(str(linked(f"{text} https://p.test/a")), namespaceHTMLElements=False)
    assert len([a for a in shown.iter("a") if a.get("href") == "https://p.test/a"]) >= 1


def test_headers_forbid_everything_else(inbox):
    headers = inbox.app.test_client().get("/").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"

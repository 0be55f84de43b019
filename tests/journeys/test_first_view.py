"""The first view of a link: all that stands before the first paint in one small answer; and no trace of anybody."""

import json
import urllib.request

import brotli

BYTES_MAX = 14_600


def test_the_landing_page_is_one_small_answer(person, phone):
    maria = person()
    link = maria.gets_a_text()
    hand = phone(maria)
    asked = []
    hand.page.on("request", lambda request: asked.append(request.url))
    hand.page.goto(link, wait_until="load")
    assert asked == [link], "one request"
    with urllib.request.urlopen(link) as answer:  # noqa: S310 - our own http
        body = answer.read()
        head = str(answer.headers).encode()
    assert len(brotli.compress(body)) + len(head) <= BYTES_MAX
    wire = urllib.request.Request(link, headers={"Accept-Encoding": "br, gzip"})  # noqa: S310 - our own http
    with urllib.request.urlopen(wire) as answer:  # noqa: S310 - our own http
        assert answer.headers["Content-Encoding"] in ("br", "gzip"), "small on the wire, not only on paper"
        assert len(answer.read()) <= BYTES_MAX


def test_a_walk_leaves_no_name_in_addresses_logs_or_events(person, phone, rig):
    maria = person()
    link = maria.gets_a_text()
    hand = phone(maria)
    asked = []
    hand.page.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    hand.comes_in().wants_to_spread().takes_this_plan().goes_on_to_sign().signs()
    maria.hears("agreement.signed")
    hand.pays_the_first_installment()
    maria.hears("payment.succeeded")
    token = link.rpartition("/")[2]
    private = [maria.full_name, "Lopez", maria.phone, maria.phone.lstrip("+"), "1986-11-17"]
    words = (
        rig.log_text()
        + str(rig.told(maria.account_ref))
        + str([url for url, _ in asked if "/phones/" not in url])
    )
    assert [one for one in [*private, token] if one in words.replace(link, "")] == []
    assert [referer for url, referer in asked if token in referer] == [], "the token leaves with nobody"
    assert hand.page.evaluate("localStorage.length") == 0
    kept = hand.page.evaluate("JSON.stringify(sessionStorage)")
    assert set(json.loads(kept)) <= {"htmx-current-path-for-history"}, (
        "the one path that htmx keeps for a tab"
    )
    assert [one for one in [*private, token] if one in kept] == []

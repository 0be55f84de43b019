import re
from types import SimpleNamespace

import brotli
import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.http import parse_options_header

from portal.store import lenders
from portal.web import assets, health
from portal.web.language import languages, offered

PUBLIC = [
    "/",
    "/talk",
    "/is-this-real",
    "/check",
    "/accessibility",
    "/privacy",
    "/come-back",
    "/left",
    "/language",
]
FIRST_VIEW_BYTES_MAX = 14_600
TELLING = re.compile(r"\b(debt|owe|owed|loan|credit|balance|overdue|collection|payment|pay)\b", re.IGNORECASE)


@pytest.mark.parametrize("tag", [one.tag for one in offered()])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_in_every_language(client, path, tag):
    response = client.get(path, query_string={"l": tag})
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert f'<html lang="{tag}" dir="{languages()[tag].direction}"' in page
    assert "%(" not in page


@pytest.mark.parametrize("path", [path for path in PUBLIC if path not in ("/is-this-real", "/privacy")])
def test_public_pages_tell_nothing_about_anybody(client, path):
    page = client.get(path).get_data(as_text=True)
    words = re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert not TELLING.search(words), TELLING.search(words)


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_one_answer_within_the_budget(client, path):
    response = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert response.content_encoding == "br"
    assert len(response.data) <= FIRST_VIEW_BYTES_MAX * 0.5
    page = brotli.decompress(response.data).decode()
    assert not re.search(r'<(script|link rel="stylesheet"|img)', page), "another request"


def test_pages_of_a_visit_have_the_full_shelf(signed_in):
    before = signed_in("link").client.get("/talk").get_data(as_text=True)
    assert "/cannot-pay" not in before
    page = signed_in("debtor").client.get("/talk").get_data(as_text=True)
    shelf = ["/me/talk", "/free-help", "/cannot-pay", "/something-wrong"]
    assert re.findall(r'<li><a href="([^"]+)"', page)[:4] == shelf
    assert 'id="idle"' in page


def test_a_lenders_letterhead(database, lender, signed_in):
    settings = {
        "brand_name": "Tamarind",
        "accent": "#0057b8",
        "phone": "555 0142",
        "logo_svg": '<svg viewBox="0 0 9 9"><path d="M1 1h7"/></svg>',
    }
    with database.shared().begin() as shared:
        lenders.save_settings(shared, lender_id=lender.lender_id, settings=settings)
    page = signed_in("debtor").client.get("/talk").get_data(as_text=True)
    assert "<bdi>Tamarind</bdi>" in page
    assert "<bdi>555 0142</bdi>" in page
    assert "--brand:#104182" in page
    assert '<span class="logo"><svg viewBox="0 0 9 9"' in page


# ---- files


def test_files_may_be_kept_for_ever_under_their_hash(client):
    address = assets.address_of("portal.css")
    response = client.get(address, headers={"Accept-Encoding": "br"})
    assert response.headers["Cache-Control"] == assets.FOR_EVER
    assert response.content_encoding == "br"
    assert "Set-Cookie" not in response.headers
    assert response.headers.get("Vary") == "Accept-Encoding"
    assert brotli.decompress(response.data) == assets.assets()["portal.css"].content
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_old_or_missing_hash_gets_todays_file_for_once(client):
    for name in ("portal.css", "portal.0123456789.css"):
        response = client.get(f"/static/{name}")
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")


def test_the_brand_style(client):
    response = client.get(assets.brand_style("#0057b8").address)
    assert response.status_code == 200
    assert parse_options_header(response.content_type)[0] == "text/css"
    for name in ("brand-zzzzzz.css", "brand-.css", "..%2fportal.css", "brand-0057b8.js"):
        assert client.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", "identity"), ("deflate", "identity"),
     ("gzip;q=0", "identity"), ("BR", "br")],
)  # fmt: skip
def test_encodings(accepted, encoding):
    assert assets.encoding_for(accepted) == encoding


def test_htmx_is_the_pinned_version_with_its_licence():
    files = {path.name for path in assets.FOLDER.iterdir()}
    assert {"htmx-2.0.11.min.js", "htmx-2.0.11.LICENSE.txt"} <= files
    assert b'version:"2.0.11"' in assets.assets()["htmx-2.0.11.min.js"].content


# ---- health


def test_alive_and_ready(client):
    assert client.get("/healthz").data == b"ok\n"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json) == (200, {"is_ready": True, "database": True, "schema": True})


def test_not_ready_with_another_schema(client, monkeypatch):
    monkeypatch.setattr(health, "_newest", lambda: "9999")
    assert client.get("/readyz").status_code == 503


def test_not_ready_without_a_database(app, client):
    app.extensions["portal"] = SimpleNamespace(
        database=SimpleNamespace(shared=lambda: SimpleNamespace(read=away))
    )
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["database"]) == (503, False)


def away():
    raise OperationalError("", {}, Exception())


def test_metrics_count_routes_and_hold_no_addresses(client):
    client.get("/talk?token=very-hidden")
    client.get("/nope-of-maria")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'portal_answers_total{endpoint="public.show_talk",method="GET",status="200"}' in text
    assert "very-hidden" not in text
    assert "maria" not in text
    for outside in ("8.8.8.8", "2001:4860::1", "unknown"):
        assert client.get("/metrics", environ_base={"REMOTE_ADDR": outside}).status_code == 404

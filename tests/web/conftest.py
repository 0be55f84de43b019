"""The web app over the test database, and a client that looks at every page it gets."""

import re
from types import SimpleNamespace

import html5lib
import pytest
from flask.testing import FlaskClient

from portal.gateways.ids import new_id
from portal.settings import Settings
from portal.store import guest_sessions, sessions
from portal.web.app import create_app
from portal.web.context import Services


class LookingClient(FlaskClient):
    """Checks title, one h1, lang, dir, form methods and security headers of each page that comes back."""

    def open(self, *args, **kwargs):
        response = super().open(*args, **kwargs)
        assert response.status_code != 302, "redirects are 303"
        if not response.history:
            look_at(response)
        return response


def look_at(response):
    headers = response.headers
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    if (
        300 <= response.status_code < 400
        or response.mimetype != "text/html"
        or response.content_encoding
        or not response.data
    ):
        return
    text = response.get_data(as_text=True)
    if "<html" not in text:
        return
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    assert tree.get("lang"), "lang"
    assert tree.get("dir") in ("ltr", "rtl")
    assert len(tree.findall(".//h1")) == 1, "one h1"
    assert len(tree.findall(".//main")) == 1, "one main"
    assert tree.findtext(".//title").strip(), "a title"
    for form in tree.iter("form"):
        if form.get("method") == "post":
            names = {field.get("name") for field in form.iter("input")}
            assert "csrf_token" in names, "a form without its token"
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    assert not re.search(r"\son[a-z]+=|\sstyle=", text), "inline script or style"


@pytest.fixture
def settings(database_urls):
    return Settings.from_environment({"PORTAL_ENV": "test", "DATABASE_URL": database_urls["app"]})


@pytest.fixture
def app(settings, database, clock):
    made = create_app(Services(settings=settings, database=database, clock=clock))
    made.testing = True
    made.test_client_class = LookingClient
    return made


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def token_of():
    """Read the CSRF token out of a page."""

    def read(response):
        return re.search(r'name="csrf_token" value="([^"]+)"', response.get_data(as_text=True))[1]

    return read


@pytest.fixture
def signed_in(client, database, work, clock):
    """Give a client signed in as one kind of party: signed_in("debtor"), signed_in("staff", roles=[…])."""

    def sign_in(kind, *, subject_id=None, **state):
        subject_id = subject_id or new_id()
        if kind in ("counselor", "trainer"):
            with database.shared().begin() as shared:
                token = guest_sessions.start_guest_session(
                    shared, kind=kind, subject_id=subject_id, state=state, now=clock.now()
                )
        else:
            with work.begin() as tx:
                token = sessions.start_session(
                    tx, kind=kind, subject_id=subject_id, state=state, now=clock.now()
                )
        with client.session_transaction() as cookie:
            slot = {"link": "debtor"}.get(kind, kind)
            cookie["visits"] = {**cookie.get("visits", {}), slot: token}
        return SimpleNamespace(client=client, subject_id=subject_id, token=token)

    return sign_in

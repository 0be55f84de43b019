"""Whatever people type: an answer in words, never a crash; and what was typed stays in its box."""

import html
import json
import secrets
from pathlib import Path

import pytest

from portal.web.forms import clean
from tests.house.test_foreign_ids import owner
from tests.house.town import csrf_of

VECTORS = Path(__file__).parents[3] / "shared" / "vectors"
#: Form -> the boxes that a person types into, and what must be chosen beside them.
FORMS = {
    "{open}/ask": (["amount", "months", "total", "words"], {"freq": "monthly"}),
    "{open}/budget": (["income", "outgoings", "savings", "cash"], {}),
    "{open}/talk": (["words"], {}),
    "{open}/wrong": (["words"], {}),
    "{open}/plan": (
        ["amount", "kind", "freq", "first", "grace", "course", "last", "moves", "lowest", "slide", "move"], {}
    ),
    "{open}/plan/choose": (["amount", "kind", "freq", "first", "grace", "course", "last", "moves"], {}),
    "{open}/pay": (["amount", "which"], {}),
    "{open}/help": (["way"], {}),
    "/me/complaint": (["topic", "words"], {}),
    "/me/helpers/new": (["days", "scope"], {}),
    "/me/agreements/{agreement}/consent": (["code"], {"records": "1"}),
    "/me/agreements/{agreement}/sign": (["name", "shown", "agreed"], {}),
    "/language": (["language", "next"], {}),
}  # fmt: skip
#: Boxes whose text is shown again when the form comes back.
KEPT = {"{open}/ask": "amount", "{open}/budget": "income", "{open}/plan": "amount", "{open}/pay": "amount"}
STATUSES = {200, 303, 400, 404, 409, 422}


def strings():
    found = []
    for name, key in (("naughty_strings", "text"), ("injection_payloads", "payload")):
        path = VECTORS / f"{name}.json"
        if not path.exists():
            pytest.skip("the shared vectors are not beside this tree")
        found += [case[key] for case in json.loads(path.read_text(encoding="utf-8"))["cases"]]
    return found


def send(client, town, form, text, csrf):
    boxes, chosen = FORMS[form]
    path = form.format(open=f"/me/accounts/{town.waiting.account_id}", agreement=town.prepared.agreement_ref)
    data = {
        "csrf_token": csrf,
        "form_token": secrets.token_urlsafe(24),
        **chosen,
        **dict.fromkeys(boxes, text),
    }
    return client.post(path, data=data)


def fault(form, text, got):
    body = got.get_data(as_text=True)
    if got.status_code not in STATUSES:
        return f"{form}: {got.status_code} for {text[:60]!r}"
    if got.status_code == 422 and form in KEPT:
        typed = clean(text)[:40]
        if (
            typed
            and html.escape(typed, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
            not in body
        ):
            return f"{form}: {text[:60]!r} was not kept"
    if "<script>alert" in body or "onerror=alert" in body.replace("&#", ""):
        return f"{form}: {text[:60]!r} came back as markup"
    return None


def walk(app, town, cases):
    client, _ = owner(app, town, "debtor")
    csrf = csrf_of(client, "debtor")
    return [told for form, text in cases if (told := fault(form, text, send(client, town, form, text, csrf)))]


def test_a_sample_of_every_form(house_app, town):
    forms = list(FORMS)
    cases = [(forms[place % len(forms)], text) for place, text in enumerate(strings())]
    assert walk(house_app, town, cases) == []


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_every_string_in_every_form(house_app, town, form):
    assert walk(house_app, town, [(form, text) for text in strings()]) == []


@pytest.mark.parametrize("group", ["lender", "counselor", "trainer"])
def test_the_doors_of_the_desks(house_app, group):
    client = house_app.test_client()
    csrf = csrf_of(client, "public")
    wrong = []
    for text in strings()[::12]:
        boxes = ("lender", "email", "login", "password", "code", "next")
        data = {"csrf_token": csrf, **dict.fromkeys(boxes, text)}
        got = client.post(f"/{group}/sign-in", data=data)
        if got.status_code not in (422, 429, 403):
            wrong.append((text[:60], got.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        "/lender/accounts?q={}",
        "/lender/accounts?after={}",
        "/lender/cases?after={}",
        "/lender/bounds?currency={}",
        "/lender/inbox?after={}",
        "/me/accounts/{}",
        "/me/offers/{}",
        "/me/agreements/{}",
        "/l/{}",
        "/?l={}",
        "/trainer/learners/{}",
    ],
)
def test_anything_in_an_address(house_app, town, path):
    group = {"lender": "staff", "me": "debtor", "trainer": "trainer"}.get(path.split("/")[1], "public")
    client = house_app.test_client() if group == "public" else owner(house_app, town, group)[0]
    wrong = []
    for text in strings()[::7]:
        got = client.get(path.format(text.replace("/", "%2F").replace("?", "%3F").replace("#", "%23")[:500]))
        if got.status_code >= 500:
            wrong.append((text[:60], got.status_code))
    assert wrong == []


def test_a_crash_and_a_lost_text_are_found():
    class Got:
        def __init__(self, status, body):
            self.status_code, self.body = status, body

        def get_data(self, as_text):
            return self.body

    assert fault("{open}/ask", "x", Got(500, ""))
    assert fault("{open}/ask", "lots", Got(422, "<input value=''>"))
    assert fault("/language", "x", Got(200, "<script>alert(1)</script>"))
    assert fault("{open}/ask", "lots", Got(422, "<input value='lots'>")) is None

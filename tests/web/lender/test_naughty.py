"""Strings that break things: every form keeps them, says what is wrong, and nothing falls over."""

import json
from html import escape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

VECTORS = Path(__file__).parents[4] / "shared" / "vectors"
OWN = [
    "",
    " ",
    "\x00",
    "'",
    '"><script>alert(1)</script>',
    "{{7*7}}",
    "%00",
    "\u0627\u200f\u0644\u0639",
    "😀" * 600,
    "1e309",
    "../../x",
]


def strings():
    found = list(OWN)
    for name in ("naughty_strings.json", "injection_payloads.json"):
        path = VECTORS / name
        if path.exists():
            found += _texts(json.loads(path.read_text(encoding="utf-8")))
    step = max(1, len(found) // 24)
    return OWN + found[len(OWN) :: step]


def _texts(value):
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in inner for text in _texts(one)]


@pytest.fixture
def desk(app, world):
    """A client that does not look at pages: the strings themselves look like scripts."""
    app.test_client_class = FlaskClient
    return lambda *roles: world.sign_in(app.test_client(), *roles)


@pytest.fixture
def forms(world):
    handoff, dispute, complaint = world.hand_off(), world.dispute(), world.complaint()
    draft = world.draft()
    account, hook = f"/lender/accounts/{world.account_id}", f"/lender/webhooks/{world.endpoint_id}"
    return [
        (f"{account}/hold", ["hold-cause", "hold-until"]),
        (f"{account}/adjust", ["adjust-part", "adjust-amount", "adjust-why"]),
        (f"{account}/reveal", ["look-why"]),
        (f"{account}/recall", ["recall-why"]),
        (f"/lender/cases/{handoff.handoff_id}/answer", ["reason", "pay", "accept_plan"]),
        (f"/lender/inbox/disputes/{dispute}/answer", ["outcome"]),
        (f"/lender/inbox/complaints/{complaint}/answer", ["outcome"]),
        (f"/lender/bounds/{draft}/text", ["document"]),
        (
            f"/lender/bounds/{draft}/edit",
            ["families-installment-months_max", "when-dpd", "account", "segment"],
        ),
        (f"{hook}/settings", ["url", "patterns"]),
        (f"{hook}/replay", ["event"]),
        (f"{hook}/replay-range", ["since", "until"]),
        ("/lender/people", ["full_name", "email", "chosen"]),
    ]


def test_no_form_falls_over(forms, desk):
    console = desk("owner", "rules", "supervisor", "agent")
    console.text("/lender/")
    for text in strings():
        for path, names in forms:
            values = {"do": "check" if "bounds" in path else "decline", **dict.fromkeys(names, text)}
            response = console.post(
                path, **{name.replace("-", "__"): value for name, value in values.items()}
            )
            assert response.status_code in (200, 303, 400, 422), (path, text[:60], response.status_code)
            if response.status_code == 422 and "<script>alert" in text:
                assert text not in response.get_data(as_text=True), "escaped"


def test_no_address_falls_over(world, desk):
    console = desk("owner")
    for text in strings():
        for path in ("/lender/accounts", "/lender/cases", f"/lender/webhooks/{world.endpoint_id}"):
            names = ("q", "creditor", "only", "after", "before", "state", "event", "account", "done")
            response = console.get(path, query_string=dict.fromkeys(names, text))
            assert response.status_code == 200, (path, text[:60])


def test_what_was_typed_is_kept(world, desk):
    draft = world.draft()
    text = '"><script>alert(1)</script>'
    page = desk("rules").post(f"/lender/bounds/{draft}/text", document=text, do="save").get_data(as_text=True)
    assert escape(text, quote=False) in page.replace("&#34;", '"')

"""Letters by the API: issued once, listed in pages, given byte for byte, refused with the reason."""

import json
from hashlib import sha256

import pytest

from portal.actions.letters.print_letter import print_letter
from portal.store import letters
from tests.actions.chain import a_chain
from tests.actions.letters.test_issue_letter import give_letterhead, paid
from tests.fakes import PressFake


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def path_of(chain):
    return f"/accounts/{chain.account().account_ref}/letters"


def test_a_letter_is_issued_seen_and_downloaded(machine, work, chain):
    made = machine.post(path_of(chain), {"kind": "statement"})
    assert made.status_code == 201, made.json
    again = machine.post(path_of(chain), {"kind": "statement"})
    assert (again.status_code, again.json) == (200, made.json)
    place = f"/letters/{made.json['id']}"
    assert made.headers["Location"].endswith(place)
    assert machine.get(place).json == made.json
    assert (made.json["standing"], made.json["pdf"]) == ("genuine", None)
    with work.read() as tx:
        kept = letters.load_words(tx, letter_id=letters.find_letter(tx, letter_ref=made.json["id"]).letter_id)
    for text, name in zip(kept, ("data_hash", "html_hash"), strict=True):
        assert sha256(text.encode()).hexdigest() == made.json[name]
    assert machine.get(f"{place}/letter.pdf").status_code == 404
    print_letter(work, letter_ref=made.json["id"], press=PressFake(), now=chain.now)
    assert machine.get(place).json["pdf"].endswith("/letter.pdf")
    assert machine.get(f"{place}/letter.pdf").get_data().startswith(b"%PDF")
    assert "Lopez" not in machine.get(place).get_data(as_text=True)


def test_letters_are_listed_in_pages_newest_first(machine, chain):
    payment = paid(chain, 1_000)
    bodies = (
        {"kind": "statement"},
        {"kind": "payoff_quote", "days": 3},
        {"kind": "receipt", "payment": payment.payment_ref},
    )
    ids = [machine.post(path_of(chain), body).json["id"] for body in bodies]
    first = machine.get(f"{path_of(chain)}?limit=2").json
    rest = machine.get(f"{path_of(chain)}?limit=2&after={first['next']}").json
    assert [one["id"] for one in first["letters"] + rest["letters"]] == ids[::-1]
    assert rest["next"] is None


def test_another_language_and_the_days_of_a_statement(machine, work, chain):
    body = {"kind": "statement", "language": "th", "since": "2026-11-01", "until": "2026-11-20"}
    made = machine.post(path_of(chain), body).json
    with work.read() as tx:
        letter = letters.find_letter(tx, letter_ref=made["id"])
        data = json.loads(letters.load_words(tx, letter_id=letter.letter_id)[0])
    assert (made["language"], data["blocks"][0]["with"]["since"]) == ("th", {"day": "2026-11-01"})


REFUSED = (
    ({"kind": "paid_in_full"}, 409, "not_yet"),
    ({"kind": "validation_notice"}, 409, "not_here"),
    ({"kind": "receipt", "payment": "pay_0"}, 422, None),
    ({"kind": "milestone", "milestone": "certified"}, 422, None),
    ({"kind": "threat"}, 422, None),
    ({"kind": "payoff_quote", "days": 31}, 422, None),
)


def test_what_cannot_be_made_is_refused_with_the_reason(machine, chain):
    for body, status, reason in REFUSED:
        got = machine.post(path_of(chain), body)
        assert got.status_code == status, got.json
        assert reason is None or got.json["reason"] == reason


def test_a_complete_letterhead_makes_the_notice(machine, work, chain):
    give_letterhead(work)
    assert machine.post(path_of(chain), {"kind": "validation_notice"}).status_code == 201


def test_what_is_nobodys_is_not_there(machine):
    for tail in ("", "/letter.pdf"):
        assert machine.get(f"/letters/ltr_0{tail}").status_code == 404
    assert machine.get("/accounts/nobody/letters").status_code == 404
    assert machine.post("/accounts/nobody/letters", {"kind": "statement"}).status_code == 404

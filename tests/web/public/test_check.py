"""Anybody may ask whether a paper is genuine; the answer names no person, whatever was uploaded."""

import io
import json
import re
import socket
import zlib
from datetime import timedelta

import pytest

from portal.actions.agreements.withdraw_agreement import withdraw_agreement
from portal.actions.amendments.propose_change import propose_change
from portal.actions.evidence.seal_log import seal_log
from portal.core.amendments.reshape import Wish
from portal.core.evidence.documents import write_proof
from portal.gateways.log_keys import make_key_pairs
from portal.store import agreements, documents, proofs
from portal.web.public import check as check_page
from tests import build
from tests.actions.chain import Chain
from tests.gateways.test_uploads import HOSTILE, a_pdf

NAME = "Zyxwina Canarybird"


@pytest.fixture
def debtor_id(work):
    build.active_bounds(work)
    return build.a_debtor(work, full_name=NAME)


@pytest.fixture
def agreement(work, lender, debtor_id):
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    return Chain(work=work, account_id=account_id, debtor_id=debtor_id).signed()


@pytest.fixture
def ask(client, token_of):
    """Post a code or a file; gives the answer's text, in which nobody may be named."""

    def post(*, code=None, file=None, name="paper.pdf", status=200):
        data = {"csrf_token": token_of(client.get("/check"))}
        data |= {"code": code} if file is None else {"file": (io.BytesIO(file), name)}
        got = client.post("/check", data=data, content_type="multipart/form-data")
        assert got.status_code == status, got.get_data(as_text=True)
        page = re.sub(r'name="csrf_token" value="[^"]+"', "", got.get_data(as_text=True))  # random letters
        for private in ("Zyxwina", "Canarybird", "1,416", "AC-", "dbt_"):
            assert private not in page
        return re.search(r"<h1>(.*?)</h1>", page)[1], page

    return post


def pdf_of(agreement):
    return a_pdf(b"page", agreement.terms_json.encode(), agreement.html.encode())


@pytest.fixture
def copy(work, agreement):
    """Give the stored PDF of the agreement."""
    content = pdf_of(agreement)
    with work.begin() as tx:
        documents.save_document(
            tx, debtor_id=agreement.debtor_id, agreement_id=agreement.agreement_id, kind="agreement",
            media_type="application/pdf", content=content, now=build.NOW,
        )  # fmt: skip
    return content


def test_a_genuine_paper_is_known_by_its_number_and_by_every_file_of_it(ask, agreement, copy):
    number = agreement.agreement_ref[-12:].upper()
    for typed in (number, agreement.agreement_ref, f" {number[:6]}-{number[6:]} "):
        said, page = ask(code=typed)
        assert said == "Genuine"
        assert "Only the number was checked" in page
        assert "Northwind" in page
    for content in (copy, agreement.terms_json.encode(), agreement.html.encode()):
        assert ask(file=content)[0] == "Genuine"


def test_a_saved_page_is_known_by_the_text_inside(ask, agreement):
    saved = f"<!doctype html><html><body><p>menu</p>{agreement.html}</body></html>".encode()
    said, page = ask(file=saved, name="page.html")
    assert said == "Genuine"
    assert "around it was not" in page
    assert ask(file=saved.replace(b"</article>", b"!</article>", 1))[0] == "Altered"
    nameless = re.sub(rb"(?i)agr_[0-9a-f]{32}|[0-9a-f]{12}", b"-", saved)
    assert ask(file=nameless)[0] == "Not known here"


@pytest.mark.parametrize("at", [0.5, 0.9])
def test_one_changed_byte_is_altered(ask, agreement, copy, at):
    for content in (copy, agreement.terms_json.encode()):
        changed = bytearray(content)
        changed[int(len(changed) * at)] ^= 1
        said, _page = ask(file=bytes(changed))
        assert said == "Altered"


def test_a_pdf_with_the_signed_text_in_another_file_is_altered(ask, agreement):
    forged = a_pdf(b"another page", agreement.terms_json.encode())
    said, page = ask(file=forged)
    assert said == "Altered"
    assert "text inside is unchanged" in page


@pytest.mark.parametrize(
    ("state", "word"), [("amended", "Replaced"), ("completed", "Fulfilled"), ("broken", "Ended")]
)
def test_the_state_of_the_agreement_is_said(ask, work, agreement, copy, state, word):
    with work.begin() as tx:
        agreements.move_agreement(
            tx, agreement_id=agreement.agreement_id, before="active", after=state, now=build.NOW
        )
    for answer in (
        ask(code=agreement.agreement_ref),
        ask(file=copy),
        ask(file=agreement.terms_json.encode()),
    ):
        assert answer[0] == word


def test_an_older_version_names_the_day_of_the_newer_one_and_nobody(ask, work, lender, agreement, copy):
    with work.read() as tx:
        (account_id,) = agreements.list_account_ids(tx, agreement_id=agreement.agreement_id)
    later = build.NOW + timedelta(days=9)
    chain = Chain(work=work, account_id=account_id, debtor_id=agreement.debtor_id, now=later)
    offered = propose_change(
        work, account_id=account_id, debtor_id=agreement.debtor_id, wish=Wish(kind="calendar", due_day=11),
        form_token="one", today=later.date(), now=later,
    )  # fmt: skip
    fresh = chain.prepare(offered.offer_ref).agreement
    chain.sign(fresh)
    for answer in (
        ask(code=agreement.agreement_ref),
        ask(file=copy),
        ask(file=agreement.terms_json.encode()),
    ):
        assert answer[0] == "Replaced"
        assert "Newer version signed on" in answer[1]
        assert "December 10, 2026" in answer[1]
    assert ask(code=fresh.agreement_ref)[0] == "Genuine"


def test_a_withdrawn_agreement_is_said_to_be(ask, work, agreement, debtor_id):
    withdraw_agreement(work, agreement_ref=agreement.agreement_ref, debtor_id=debtor_id, now=build.NOW)
    assert ask(code=agreement.agreement_ref)[0] == "Taken back"


def test_an_agreement_that_nobody_signed_is_not_known(ask, work, lender, debtor_id):
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    chain = Chain(work=work, account_id=account_id, debtor_id=debtor_id)
    prepared = chain.prepare(chain.choose().offer_ref).agreement
    assert ask(code=prepared.agreement_ref)[0] == "Not known here"
    assert ask(file=prepared.terms_json.encode())[0] == "Not known here"


def test_a_proof_is_checked_with_the_lenders_own_keys(ask, work, agreement):
    seal_log(work, make_keys=make_key_pairs, now=build.NOW + timedelta(minutes=3))
    signed = next(row for row in build.events_of(work) if row.type == "agreement.signed")
    with work.read() as tx:
        content = write_proof(proofs.prove_event(tx, event_id=signed.id))
    assert ask(file=content, name="proof.json")[0] == "Genuine"
    assert ask(file=content.replace(b'"index":', b'"index":1'))[0] == "Altered"
    document = json.loads(content)
    document["disclosed"] = {}
    withheld = (
        json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
    ).encode()
    assert ask(file=withheld)[0] == "Genuine"
    assert ask(file=content.replace(b"portal/lender", b"portal/stranger"))[0] == "Not known here"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_clear_answer_and_nothing_is_fetched(ask, monkeypatch, name):
    met = []
    monkeypatch.setattr(socket.socket, "connect", lambda *there: met.append(there))
    content = HOSTILE[name] or b" "
    assert ask(file=content)[0] == "Not known here"
    assert met == []


def test_too_big_a_file_and_no_file_are_said(ask, monkeypatch, client, token_of):
    monkeypatch.setattr(check_page, "FILE_BYTES_MAX", 1_000)
    assert "too big" in ask(file=b"x" * 1_001, status=422)[1]
    data = {"csrf_token": token_of(client.get("/check")), "file": (io.BytesIO(b""), "")}
    got = client.post("/check", data=data, content_type="multipart/form-data")
    assert got.status_code == 422
    assert "Choose the file" in got.get_data(as_text=True)


def test_what_is_no_number_is_said_and_kept_in_its_box(ask):
    _, page = ask(code="<b>12345</b>", status=422)
    assert "&lt;b&gt;12345&lt;/b&gt;" in page
    assert "twelve digits" in page
    assert ask(code="", status=422)[0] == "Is this paper genuine?"
    assert ask(code="000000000000")[0] == "Not known here"


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("x" * 10_000, 422, "Is this paper genuine?"),
        ("\u0000", 422, "Is this paper genuine?"),
        ("\u202e3F2A90C417DE\u202c", 200, "Not known here"),
        ("3F2A\u206690C417DE", 200, "Not known here"),
    ],
)
def test_an_odd_number_is_a_clear_answer(ask, code, status, said):
    assert ask(code=code, status=status)[0] == said


def test_too_many_checks_from_one_address_wait(ask, app, clock):
    for _ in range(check_page.CHECKS_MAX):
        ask(code="000000000000")
    _, page = ask(code="000000000000", status=429)
    assert "ten minutes" in page
    clock.move(timedelta(minutes=11))
    assert ask(code="000000000000")[0] == "Not known here"


def test_the_page_bombs_do_not_grow(ask):
    bomb = b"%PDF-1.7 stream\n" + zlib.compress(b"\0" * 50_000_000, 9)
    assert ask(file=bomb)[0] == "Not known here"

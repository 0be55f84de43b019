"""A debtor asks for letters, reads them, keeps them, and nobody else does."""

import json

import pytest

from portal.actions.letters.print_letter import print_letter
from portal.store import letters
from tests import build
from tests.actions.letters.test_issue_letter import give_letterhead
from tests.fakes import PressFake
from tests.web.debtor.planned import a_planned


@pytest.fixture
def inside(phone):
    phone.enter()
    return phone


def ask(phone, door, kind):
    return phone.post(f"/me/accounts/{door.account_id}/letters", page="/me/papers", kind=kind)


def newest(door):
    with door.work.read() as tx:
        return letters.list_letters(tx, debtor_id=door.debtor_id)[0]


def test_a_statement_is_asked_for_read_and_kept(inside, door, clock):
    page = inside.get("/me/papers").get_data(as_text=True)
    assert "What it takes to pay everything" in page
    answer = ask(inside, door, "statement")
    letter = newest(door)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/me/letters/{letter.letter_ref}")
    shown = inside.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Statement of your account" in shown
    assert "The PDF is being made" in shown
    data = inside.get(f"/me/letters/{letter.letter_ref}/letter.json")
    assert json.loads(data.get_data())["letter"] == letter.letter_ref
    beside = inside.get(f"/me/letters/{letter.letter_ref}/beside?language=th").get_data(as_text=True)
    assert 'lang="th" dir="ltr"' in beside
    assert "is the one that was issued" in beside
    print_letter(door.work, letter_ref=letter.letter_ref, press=PressFake(), now=clock.now())
    shown = inside.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Sealed letter (PDF)" in shown
    path = shown.partition('href="/me/documents/')[2].partition('"')[0]
    pdf = inside.get(f"/me/documents/{path}")
    assert pdf.mimetype == "application/pdf"
    assert pdf.headers["Content-Disposition"].startswith('attachment; filename="letter-')
    assert letter.letter_ref in inside.get("/me/papers").get_data(as_text=True)


def test_the_pdf_of_a_first_letter_is_made_when_it_is_wanted(inside, door):
    give_letterhead(door.work)
    assert ask(inside, door, "validation_notice").status_code == 303
    letter = newest(door)
    shown = inside.get(f"/me/letters/{letter.letter_ref}").get_data(as_text=True)
    assert f"/me/accounts/{door.account_id}/wrong" in shown
    again = inside.post(f"/me/letters/{letter.letter_ref}/pdf", page="/me/settings")
    assert again.status_code == 303
    assert inside.post("/me/letters/ltr_0/pdf", page="/me/settings").status_code == 404


def test_what_cannot_be_made_says_why(inside, door):
    for kind, words in (
        ("paid_in_full", "arrived for good"),
        ("validation_notice", "for this account"),
        ("itemization", "for this account"),
    ):
        answer = ask(inside, door, kind)
        assert answer.status_code == 409
        assert words in answer.get_data(as_text=True)
    assert ask(inside, door, "receipt").headers["Location"] == "/me/papers"


def test_a_receipt_is_asked_for_on_its_payment(inside, door, clock):
    plan = a_planned(door, clock)
    payment = plan.pay(5_000)
    page = inside.get(f"/me/payments/{payment.payment_ref}").get_data(as_text=True)
    assert "The receipt as a letter" in page
    answer = inside.post(
        f"/me/payments/{payment.payment_ref}/receipt", page=f"/me/payments/{payment.payment_ref}"
    )
    assert answer.status_code == 303
    assert newest(door).kind == "receipt"


def test_a_replaced_letter_says_so_and_somebody_elses_does_not_exist(inside, door):
    ask(inside, door, "payoff_quote")
    letter = newest(door)
    with door.work.begin() as tx:
        tx.execute(
            letters.update(letters.letters)
            .where(letters.letters.c.lender_id == tx.lender_id)
            .values(replaced_at=letter.issued_at)
        )
    shown = inside.get(f"/me/letters/{letter.letter_ref}").get_data(as_text=True)
    assert "A newer letter about the same" in shown
    other = build.a_debtor(door.work)
    with door.work.begin() as tx:
        tx.execute(
            letters.update(letters.letters)
            .where(letters.letters.c.lender_id == tx.lender_id)
            .values(debtor_id=other)
        )
    for tail in ("", "/beside", "/letter.json"):
        assert inside.get(f"/me/letters/{letter.letter_ref}{tail}").status_code == 404
    assert ask(inside, door, "statement").status_code == 303
    elsewhere = build.an_account(door.work, creditor_id=door.creditor_id, debtor_id=other)
    answer = inside.post(f"/me/accounts/{elsewhere}/letters", page="/me/papers", kind="statement")
    assert answer.status_code == 404

"""A counselor reads the client's letters under a grant to see, and no others."""

from portal.actions.letters.print_letter import print_letter
from tests import build
from tests.actions.chain import Chain
from tests.actions.letters.test_issue_letter import issue
from tests.fakes import PressFake


def a_letter(work, account_id, debtor_id):
    return issue(Chain(work=work, account_id=account_id, debtor_id=debtor_id), "statement").letter


def test_the_grant_to_see_shows_the_letters(desk, client_of, work, account_id, debtor_id):
    client = client_of("view")
    letter = a_letter(work, account_id, debtor_id)
    assert "Statement of your account" in desk.client.get(client.path).get_data(as_text=True)
    place = f"{client.path}/accounts/{account_id}/letters/{letter.letter_ref}"
    assert "Maria Lopez" in desk.client.get(place).get_data(as_text=True)
    assert desk.client.get(f"{place}/letter.pdf").status_code == 404
    print_letter(work, letter_ref=letter.letter_ref, press=PressFake(), now=build.NOW)
    assert desk.client.get(f"{place}/letter.pdf").mimetype == "application/pdf"


def test_without_the_grant_to_see_there_are_none(desk, client_of, work, account_id, debtor_id):
    letter = a_letter(work, account_id, debtor_id)
    client = client_of("budget")
    place = f"{client.path}/accounts/{account_id}/letters/{letter.letter_ref}"
    assert desk.client.get(place).status_code == 404
    assert desk.client.get(f"{place}/letter.pdf").status_code == 404


def test_a_letter_of_another_account_does_not_exist(desk, client_of, work, lender, account_id):
    other_debtor = build.a_debtor(work)
    other = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=other_debtor)
    letter = a_letter(work, other, other_debtor)
    client = client_of("view")
    for account in (account_id, other):
        place = f"{client.path}/accounts/{account}/letters/{letter.letter_ref}"
        assert desk.client.get(place).status_code == 404

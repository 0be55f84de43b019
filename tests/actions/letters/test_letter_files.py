"""An evidence pack holds the letters of its accounts, and a sealed event vouches for each."""

import secrets
from datetime import timedelta

import pytest

from portal.actions.evidence.build_pack import Pages
from portal.actions.evidence.export_pack import export_pack
from portal.actions.letters.letter_files import letter_files
from portal.actions.letters.print_letter import print_letter
from portal.core.actors import DEBTOR
from portal.core.evidence import pack
from portal.core.evidence.files import verify_files
from portal.gateways.archives import read_archive
from portal.gateways.log_keys import is_signed_by, make_key_pairs
from portal.store import documents
from tests import build
from tests.actions.chain import a_chain
from tests.actions.letters.test_issue_letter import issue
from tests.fakes import PressFake

PAGES = Pages(index=lambda cover: {"index.html": cover.facts.agreement.encode()}, verifier=b"<html>")


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def test_a_letter_is_in_the_pack_and_vouched_for(chain, work):
    agreement = chain.signed()
    letter = issue(chain, "statement").letter
    print_letter(work, letter_ref=letter.letter_ref, press=PressFake(), now=chain.now)
    made = export_pack(
        work,
        agreement_ref=agreement.agreement_ref,
        debtor_id=chain.debtor_id,
        actor=DEBTOR,
        pages=PAGES,
        has_words=True,
        make_keys=make_key_pairs,
        form_token=secrets.token_hex(16),
        now=build.NOW + timedelta(minutes=5),
    )
    with work.read() as tx:
        files = read_archive(documents.load_content(tx, document_id=made.document.document_id))
    folder = f"accounts/{chain.account().account_ref}/letters/{letter.letter_ref}"
    names = {path.rpartition("/")[2] for path in files if path.startswith(folder)}
    assert names == {"letter.json", "letter.html", "copy.pdf", "copy-seal.json"}
    assert verify_files(files, check=is_signed_by).is_genuine
    entries = pack._read_log(files)
    assert list(pack._check_letters(files, entries)) == []
    forged = files | {f"{folder}/letter.html": files[f"{folder}/letter.html"] + b" "}
    (fault,) = pack._check_letters(forged, entries)
    assert letter.letter_ref in fault.detail


def test_an_account_without_letters_adds_nothing(chain, work):
    with work.read() as tx:
        assert letter_files(tx, account_id=chain.account_id, folder="accounts/x") == {}

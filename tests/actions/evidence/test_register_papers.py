"""Papers from before the check page are made known to it, each once, and nothing else is."""

import pytest
from sqlalchemy import delete

from portal.actions.evidence.check_paper import check_code
from portal.actions.evidence.register_papers import register_papers
from portal.core.evidence.papers import code_of
from portal.store import directory, documents, papers
from portal.store.tables.shared import secret_digests
from tests import build
from tests.actions.chain import a_chain
from tests.actions.letters.test_issue_letter import issue


@pytest.fixture
def older(work, lender, database):
    """A signed agreement, an unsigned one, a letter and a document of a time when no paper was registered."""
    chain = a_chain(work, lender)
    agreement, letter = chain.signed(), issue(chain, "statement").letter
    with work.begin() as tx:
        document = documents.save_document(
            tx, debtor_id=chain.debtor_id, kind="letter", media_type="application/pdf", content=b"%PDF",
            now=build.NOW,
        )  # fmt: skip
    with database.shared().begin() as shared:
        shared.execute(delete(secret_digests).where(secret_digests.c.kind == papers.KIND))
    return agreement, letter, document


def test_each_is_found_afterwards_and_twice_is_once(work, database, older, monkeypatch):
    monkeypatch.setattr(papers, "PAGE", 1)
    agreement, letter, document = older
    refs = (agreement.agreement_ref, letter.letter_ref, document.document_ref)

    def kinds():
        today = build.NOW.date()
        return [check_code(database, code=code_of(ref), today=today).kind for ref in refs]

    assert kinds() == ["unknown"] * 3
    added = dict(register_papers(work, now=build.NOW))
    assert added["agreements"] == 3
    assert added["letters"] >= 3
    assert added["documents"] >= 2
    assert kinds() == ["genuine"] * 3
    assert sum(dict(register_papers(work, now=build.NOW)).values()) == 0
    with database.shared().read() as shared:
        for digest in (agreement.terms_hash, agreement.html_hash, document.content_hash):
            assert directory.find_entry(shared, kind=papers.KIND, secret=digest)


def test_what_nobody_signed_is_not_registered(work, lender):
    chain = a_chain(work, lender)
    chain.prepare(chain.choose().offer_ref)
    assert dict(register_papers(work, now=build.NOW))["agreements"] == 0

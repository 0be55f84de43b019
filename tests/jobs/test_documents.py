from types import SimpleNamespace

from portal.actions.agreements.store_copy import store_copy
from portal.store import documents
from tests import build
from tests.actions.chain import a_chain


def copies_of(work, agreement):
    with work.read() as tx:
        kept = documents.list_documents(tx, debtor_id=agreement.debtor_id)
        return [documents.load_content(tx, document_id=one.document_id) for one in kept]


def test_twice_is_once(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.signed()
    rendered = []

    def render(copy):
        rendered.append(copy)
        return b"%PDF-a copy"

    named = {"agreement_ref": agreement.agreement_ref, "render": render, "now": build.NOW}
    assert store_copy(work, **named)
    assert not store_copy(work, **named)
    assert copies_of(work, agreement) == [b"%PDF-a copy"]
    assert len(rendered) == 1
    assert rendered[0].article == agreement.html
    assert rendered[0].terms_json == agreement.terms_json
    told = [row for row in build.events_of(work) if row.type == "letter.issued"]
    assert [row.payload["kind"] for row in told] == ["agreement_copy"]


def test_nothing_is_made_of_what_is_not_signed(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.prepare(chain.choose().offer_ref).agreement
    spoiled = SimpleNamespace(agreement_ref="agr_unknown")
    for one in (agreement, spoiled):
        assert not store_copy(work, agreement_ref=one.agreement_ref, render=lambda _copy: b"", now=build.NOW)
    assert copies_of(work, agreement) == []

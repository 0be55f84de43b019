from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from types import SimpleNamespace

import pytest

from portal.actions.agreements.signing_identity import signing_identity
from portal.actions.agreements.store_copy import store_copy
from portal.core.agreements import detached
from portal.store import documents, signing_keys
from tests import build
from tests.actions.chain import a_chain
from tests.fakes import PressFake


def copies_of(work, agreement):
    with work.read() as tx:
        kept = documents.list_documents(tx, debtor_id=agreement.debtor_id)
        return {one.kind: documents.load_content(tx, document_id=one.document_id) for one in kept}


def test_twice_is_once(work, lender):
    chain, press = a_chain(work, lender), PressFake()
    agreement = chain.signed()
    named = {"agreement_ref": agreement.agreement_ref, "press": press, "now": build.NOW}
    assert store_copy(work, **named)
    assert not store_copy(work, **named)
    kept = copies_of(work, agreement)
    assert kept["agreement"] == b"%PDF-a copy sealed for " + agreement.agreement_ref.encode()
    assert detached.read(kept["agreement_seal"].decode()).file_sha256 == sha256(kept["agreement"]).hexdigest()
    (printed,) = press.printed
    assert (printed.article, printed.terms_json) == (agreement.html, agreement.terms_json)
    assert [row[1] for row in printed.log_rows] == [
        "act_prepared",
        "act_viewed",
        "act_consented",
        "act_signed",
    ]
    told = [row for row in build.events_of(work) if row.type == "letter.issued"]
    assert [(row.payload["kind"], row.payload["signature"]) for row in told] == [
        ("agreement_copy", "pades_b_b")
    ]
    assert told[0].payload["digest"] == sha256(kept["agreement"]).hexdigest()


def test_the_stored_file_is_sealed_in_the_database(work, lender):
    with work.begin() as tx:
        debtor_id = a_chain(work, lender).debtor_id
        kept = documents.save_document(
            tx,
            debtor_id=debtor_id,
            kind="agreement",
            media_type="application/pdf",
            content=b"Maria",
            now=build.NOW,
        )
        raw = tx.execute(
            documents.select(documents.documents.c.content).where(
                documents.documents.c.lender_id == tx.lender_id,
                documents.documents.c.document_id == kept.document_id,
            )
        ).scalar_one()
        assert b"Maria" not in raw
        assert documents.load_content(tx, document_id=kept.document_id) == b"Maria"


def test_nothing_is_made_of_what_is_not_signed(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.prepare(chain.choose().offer_ref).agreement
    spoiled = SimpleNamespace(agreement_ref="agr_unknown")
    for one in (agreement, spoiled):
        assert not store_copy(work, agreement_ref=one.agreement_ref, press=PressFake(), now=build.NOW)
    assert copies_of(work, agreement) == {}


def test_two_workers_end_with_one_identity_and_a_retired_one_stays(work):
    press = PressFake()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: signing_identity(work, press=press, now=build.NOW), range(8)))
    assert len({one.signer_pem for one in made}) == press.made == 1
    with work.begin() as tx:
        assert signing_keys.retire_signing_keys(tx, now=build.NOW) == 1
    assert signing_identity(work, press=press, now=build.NOW).signer_pem != made[0].signer_pem
    with work.read() as tx:
        first, second = signing_keys.list_signing_keys(tx)
    assert (first.retired_at, second.retired_at) == (build.NOW, None)
    assert [row.type for row in build.events_of(work)].count("signer.created") == 2


def test_a_press_that_has_no_stamp_stores_nothing(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.signed()

    class Unstamped(PressFake):
        def seal(self, content, *, identity, reason):
            raise RuntimeError("no stamp")

    with pytest.raises(RuntimeError, match="no stamp"):
        store_copy(work, agreement_ref=agreement.agreement_ref, press=Unstamped(), now=build.NOW)
    assert copies_of(work, agreement) == {}

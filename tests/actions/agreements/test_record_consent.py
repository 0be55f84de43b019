import secrets
from datetime import timedelta

import pytest

from portal.actions.agreements.ask_for_paper import ask_for_paper
from portal.actions.agreements.consent_to_records import (
    Consent,
    Consented,
    NotConsented,
    consent_to_records,
)
from portal.actions.agreements.end_record_consent import end_record_consent
from portal.actions.agreements.sign_agreement import NotSigned, Signed
from portal.core.agreements.records import reading_code
from portal.core.agreements.terms import text_hash
from portal.store import agreements, handoffs
from portal.store.unfinished import list_unfinished
from tests import build
from tests.actions.chain import Chain, a_chain

TEXT = "Electronic or on paper?"


def give(chain, agreement, code=None, debtor_id=None):
    typed = reading_code(agreement.agreement_ref) if code is None else code
    return consent_to_records(
        chain.work,
        agreement_ref=agreement.agreement_ref,
        debtor_id=debtor_id or chain.debtor_id,
        consent=Consent(text=TEXT, code=typed, address="127.0.0.1", device="test"),
        now=chain.now,
    )


def told(work):
    return [row.type for row in build.events_of(work)]


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


@pytest.fixture
def prepared(chain):
    return chain.prepare(chain.choose().offer_ref).agreement


def test_consent_is_kept_with_its_text_and_told_once(chain, prepared, work):
    assert give(chain, prepared) == Consented(was_given=False)
    assert give(chain, prepared) == Consented(was_given=True)
    (event,) = [row for row in build.events_of(work) if row.type == "agreement.consented"]
    assert event.payload["text_digest"] == text_hash(TEXT)
    assert event.payload["has_shown_access"] is True
    with work.read() as tx:
        kept = agreements.find_agreement(tx, agreement_ref=prepared.agreement_ref)
    (entry,) = [one for one in kept.signing_log if one["act"] == "consented"]
    assert (entry["text"], entry["way"]) == (TEXT, "reading_code")


@pytest.mark.parametrize("code", ["", "12", "٠٠٠٠"])
def test_who_cannot_type_the_code_of_the_text_has_not_consented(chain, prepared, work, code):
    assert give(chain, prepared, code=code) == NotConsented(reason="code_differs")
    assert "agreement.consented" not in told(work)


def test_outside_the_us_a_tick_is_enough(work, lender):
    debtor_id = build.a_debtor(work, country="GB", phone="+447700900123")
    build.active_bounds(work)
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    chain = Chain(work=work, account_id=account_id, debtor_id=debtor_id)
    agreement = chain.prepare(chain.choose().offer_ref).agreement
    assert give(chain, agreement, code="") == Consented(was_given=False)
    (event,) = [row for row in build.events_of(work) if row.type == "agreement.consented"]
    assert event.payload["has_shown_access"] is False


def test_a_refused_signature_tells_no_consent_that_was_not_given(chain, prepared, work):
    assert chain.sign(prepared, consents=False) == NotSigned(reason="not_consented")
    assert chain.sign(prepared, shown_hash="0" * 64, consents=False) == NotSigned(reason="altered")
    assert "agreement.consented" not in told(work)


def test_consent_can_be_taken_back_before_and_after_the_signature(chain, prepared, work):
    assert end_record_consent(work, debtor_id=chain.debtor_id, now=chain.now) == 0
    give(chain, prepared)
    assert end_record_consent(work, debtor_id=chain.debtor_id, now=chain.now) == 1
    assert chain.sign(prepared, consents=False) == NotSigned(reason="not_consented")
    assert give(chain, prepared) == Consented(was_given=False)
    assert isinstance(chain.sign(prepared, consents=False), Signed)
    later = chain.now + timedelta(days=30)
    assert end_record_consent(work, debtor_id=chain.debtor_id, now=later) == 1
    assert end_record_consent(work, debtor_id=chain.debtor_id, now=later) == 0
    with work.read() as tx:
        kept = agreements.find_agreement(tx, agreement_ref=prepared.agreement_ref)
    assert (kept.state, kept.consent_ended_at) == ("active", later)
    assert told(work).count("agreement.consent_ended") == 2


def test_paper_is_asked_for_once_and_the_plan_waits(chain, prepared, work):
    named = {"agreement_ref": prepared.agreement_ref, "debtor_id": chain.debtor_id, "now": chain.now}
    first = ask_for_paper(work, token=secrets.token_urlsafe(24), **named)
    again = ask_for_paper(work, token=secrets.token_urlsafe(24), **named)
    assert (first.kind, again.kind) == ("asked", "there_already")
    assert again.answer_due_at == first.answer_due_at
    with work.read() as tx:
        (waiting,) = handoffs.list_handoffs_of(tx, debtor_id=chain.debtor_id)
    assert waiting.cause == "asked_for_paper"
    assert told(work).count("case.handed_off") == 1
    assert isinstance(chain.sign(prepared), Signed)


def test_what_is_another_persons_does_not_exist(chain, prepared, work):
    stranger = build.a_debtor(work)
    assert give(chain, prepared, debtor_id=stranger) == NotConsented(reason="unknown")
    asked = ask_for_paper(
        work,
        agreement_ref=prepared.agreement_ref,
        debtor_id=stranger,
        token=secrets.token_urlsafe(24),
        now=chain.now,
    )
    assert asked.kind == "not_found"


def test_a_signing_that_was_begun_is_found_until_it_ends(chain, prepared, work):
    def begun(now=chain.now):
        with work.read() as tx:
            return list_unfinished(tx, debtor_id=chain.debtor_id, now=now)

    (one,) = begun()
    assert (one.path, one.account_id) == (f"/me/agreements/{prepared.agreement_ref}", chain.account_id)
    give(chain, prepared)
    assert begun()[0].path.endswith("/sign")
    assert begun(chain.now + timedelta(days=60)) == []
    chain.sign(prepared)
    assert begun() == []

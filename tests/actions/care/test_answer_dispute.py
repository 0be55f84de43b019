import secrets
from datetime import timedelta

import pytest

from portal.actions.care.answer_dispute import answer_dispute
from portal.actions.care.open_dispute import open_dispute
from portal.core.actors import staff_actor
from portal.store import accounts, disputes
from tests import build

NOON = build.NOW + timedelta(hours=7)


@pytest.fixture
def disputed(work, lender):
    debtor_id = build.a_debtor(work)
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    opened = open_dispute(
        work,
        debtor_id=debtor_id,
        account_id=account_id,
        reason="wrong_amount",
        words="I paid in May",
        token=secrets.token_urlsafe(24),
        now=NOON,
    )
    return account_id, opened.ref


def answered(work, ref, *, outcome="confirmed", words="We looked at May.", now=NOON):
    return answer_dispute(
        work,
        dispute_ref=ref,
        outcome=outcome,
        words=words,
        actor=staff_actor("stf_1"),
        base_url="https://pay.example",
        now=now,
    )


def holds_on(work, account_id):
    with work.read() as tx:
        return [hold.kind for hold in accounts.list_holds(tx, account_id=account_id, now=NOON)]


def types(work):
    return [row.type for row in build.events_of(work) if row.type.startswith(("dispute.", "account.rel"))]


def test_an_answer_closes_it_and_ends_the_hold(work, disputed):
    account_id, ref = disputed
    assert holds_on(work, account_id) == ["dispute"]
    assert answered(work, ref).kind == "answered"
    assert holds_on(work, account_id) == []
    assert types(work)[-3:] == ["dispute.answered", "dispute.closed", "account.released"]
    with work.read() as tx:
        dispute = disputes.find_dispute(tx, dispute_ref=ref)
        assert disputes.load_answer(tx, dispute_id=dispute.dispute_id) == "We looked at May."
        assert disputes.list_disputes(tx, state="open", limit=9) == []
    assert dispute.state == "closed"


def test_where_the_debtor_is_right_nothing_is_collected(work, disputed):
    account_id, ref = disputed
    answered(work, ref, outcome="debtor_right")
    assert holds_on(work, account_id) == ["dispute"]
    assert types(work)[-1] == "dispute.closed"


def test_one_answer_with_words(work, disputed):
    _, ref = disputed
    assert answered(work, ref, words="").kind == "words_needed"
    assert answered(work, ref, now=NOON + timedelta(days=40)).is_late
    assert answered(work, ref).kind == "answered_already"
    assert answered(work, "dsp_nobody").kind == "unknown"
    with pytest.raises(ValueError, match="an outcome is"):
        answered(work, ref, outcome="perhaps")

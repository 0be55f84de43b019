"""An offer that needs a second person cannot be signed without their yes: not by the action, not by the database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.actions.agreements import sign_agreement as signing
from portal.actions.agreements.prepare_agreement import OfferGone, OfferWaits
from portal.actions.agreements.sign_agreement import NotSigned, Signed
from portal.actions.cases.decide_offer import decide_offer
from portal.core.actors import staff_actor
from portal.core.bounds.presets import preset
from portal.store import agreements, approvals, handoffs, offers
from tests import build
from tests.actions.cases.test_answer_case import NOON, AnswerDesk
from tests.actions.chain import Chain, a_chain

AGENT, SUPERVISOR = frozenset({"agent"}), frozenset({"supervisor"})


@pytest.fixture
def answers(work, lender):
    return AnswerDesk(a_chain(work, lender))


def decide(answers, offer_ref, decision="approved", *, roles=SUPERVISOR, by="stf_2", now=NOON):
    return decide_offer(
        answers.work, offer_ref=offer_ref, decision=decision, note="as agreed", roles=roles, by=by,
        actor=staff_actor(by), base_url="https://pay.example", now=now,
    )  # fmt: skip


def beyond(answers):
    """An agent offers what only a supervisor may agree; gives the answer."""
    handoff = answers.hand_off()
    plan = answers.plans(role="supervisor").nearest
    assert plan.id != answers.plans(role="agent").nearest.id
    done = answers.answer(handoff, "counter", plan_id=plan.id, is_beyond=True)
    assert (done.kind, done.message) == ("answered", "")
    return done


def at_noon(answers):
    return replace(answers.chain, now=NOON)


def test_what_an_agent_may_not_agree_waits_and_is_signed_after_a_supervisors_yes(answers):
    done = beyond(answers)
    (asked,) = answers.told("approval.requested")
    assert (asked["id"], asked["subject"], asked["level"]) == (done.approval_ref, "offer", "supervisor")
    assert answers.told("case.answered")[0]["approval"] == done.approval_ref
    waits = at_noon(answers).prepare(done.offer_ref)
    assert waits == OfferWaits(answer_due_at=NOON + timedelta(hours=48))
    assert decide(answers, done.offer_ref, roles=AGENT) == "no_authority"
    assert decide(answers, done.offer_ref, by="stf_1") == "own_work"
    assert decide(answers, "ofr_none") == "unknown"
    assert decide(answers, done.offer_ref) == "decided"
    assert decide(answers, done.offer_ref) == "not_waiting"
    assert answers.told("approval.decided")[0]["decision"] == "approved"
    agreement = at_noon(answers).prepare(done.offer_ref).agreement
    assert isinstance(at_noon(answers).sign(agreement), Signed)
    with answers.work.read() as tx:
        offer = offers.find_offer(tx, offer_ref=done.offer_ref)
        approval = approvals.find_of_offer(tx, offer_id=offer.offer_id)
        assert approvals.load_note(tx, approval_id=approval.approval_id) == "as agreed"


@pytest.mark.long
def test_waiting_takes_nothing_of_the_time_to_think(answers):
    done = beyond(answers)
    later = NOON + timedelta(days=13)
    decide(answers, done.offer_ref, now=later)
    with answers.work.read() as tx:
        assert offers.find_offer(tx, offer_ref=done.offer_ref).expires_on == later.date() + timedelta(days=14)


def test_a_no_gives_the_case_to_a_person_and_ends_the_offer(answers):
    done = beyond(answers)
    assert decide(answers, done.offer_ref, "declined") == "decided"
    assert at_noon(answers).prepare(done.offer_ref) == OfferGone(reason="expired")
    with answers.work.read() as tx:
        newest = handoffs.list_handoffs_of(tx, debtor_id=answers.chain.debtor_id)[0]
    assert (newest.cause, newest.state) == ("approval_declined", "waiting")
    assert answers.told("offer.expired")[0]["reason"] == "not_approved"


def test_a_rule_of_the_bounds_stops_what_the_debtor_chose_until_a_person_agrees(work, lender):
    body = preset("USD")
    for segment in body["segments"]:
        segment["approval"] = [{"when": {"amount_over": 100_000}, "by": "agent"}]
    build.active_bounds(work, body=body)
    debtor_id = build.a_debtor(work)
    account_id = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)
    chain = Chain(work=work, account_id=account_id, debtor_id=debtor_id)
    answers = AnswerDesk(chain)
    offer_ref = chain.choose().offer_ref
    waits = chain.prepare(offer_ref)
    assert isinstance(waits, OfferWaits)
    assert chain.prepare(offer_ref) == waits, "asked once"
    (asked,) = answers.told("approval.requested")
    assert asked["level"] == "agent"
    assert decide(answers, asked["subject_id"], roles=AGENT) == "decided"
    assert isinstance(chain.sign(chain.prepare(offer_ref).agreement), Signed)


@pytest.fixture
def waiting(answers):
    """An agreement that was prepared although its offer waits: a planted fault of the floor above."""
    done = beyond(answers)
    chain = at_noon(answers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.actions.agreements.prepare_agreement.is_cleared", lambda *_: True)
        agreement = chain.prepare(done.offer_ref).agreement
    return chain, agreement, done


def test_the_signature_asks_again_whoever_prepared_it(waiting):
    chain, agreement, _done = waiting
    assert chain.sign(agreement) == NotSigned(reason="approval_needed")


def test_the_database_refuses_where_every_check_above_is_broken(waiting, monkeypatch):
    chain, agreement, done = waiting
    monkeypatch.setattr(signing, "is_cleared", lambda *_: True)
    with pytest.raises(IntegrityError, match="offers_accepted_after_approval"):
        chain.sign(agreement)
    with chain.work.read() as tx:
        assert agreements.find_active(tx, account_id=chain.account_id) is None
        assert offers.find_offer(tx, offer_ref=done.offer_ref).state == "firm"

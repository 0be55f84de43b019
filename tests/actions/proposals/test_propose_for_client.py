import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.actions.grants.revoke_grant import revoke_grant
from portal.actions.proposals.propose_for_client import (
    Counselor,
    NotProposed,
    Proposed,
    propose_for_client,
)
from portal.actions.proposals.record_client_budget import record_client_budget
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.facts import Budget
from portal.store import budgets, offers, proposals
from portal.store.enrollments import find_course
from tests import build
from tests.actions.chain import a_chain
from tests.guests import a_client, a_counselor, a_trainer

NOW = build.NOW


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


@pytest.fixture
def guest(database):
    return a_counselor(database)


@pytest.fixture
def counselor(guest):
    return Counselor(counselor_id=guest.guest_id, agency_id=guest.house_id)


@pytest.fixture
def grant_ref(database, work, guest, chain):
    return a_client(database, work, guest, chain.debtor_id)


@pytest.fixture
def propose(work, counselor, chain, grant_ref):
    def act(*, token=None, course=None, **changes):
        plain = {
            "counselor": counselor,
            "grant_ref": grant_ref,
            "account_id": chain.account_id,
            "ask": Ask(pay_minor=15_000, freq="monthly"),
            "course": course,
            "words": None,
            "form_token": token or secrets.token_urlsafe(24),
            "today": NOW.date(),
            "now": NOW,
        }
        return propose_for_client(work, **plain | changes)

    return act


def kept(work, chain):
    with work.read() as tx:
        return [one for _, one in proposals.list_proposals(tx, debtor_ids=[chain.debtor_id])]


def test_inside_the_policy_a_proposal_is_a_firm_offer_that_the_client_signs(work, chain, propose):
    assert isinstance(propose(), Proposed)
    (shown,) = kept(work, chain)
    assert shown.proposal.answer["kind"] == "accept"
    assert shown.stands(NOW.date())
    assert (shown.counselor_name, shown.agency_name) == ("Hanna Berg", "Open Door Advice")
    told = build.events_of(work, account_ref=chain.account().account_ref)
    (proposed,) = [row.payload for row in told if row.type == "counselor.proposed"]
    assert proposed["offer"] == shown.offer_ref
    chain.sign(chain.prepare(shown.offer_ref).agreement)
    (after,) = kept(work, chain)
    assert (after.proposal.state, after.offer_state) == ("accepted", "accepted")


def test_outside_it_is_the_nearest_plan_with_reasons(work, chain, propose):
    propose(ask=Ask(pay_minor=100, freq="monthly", must="pay_minor"))
    (shown,) = kept(work, chain)
    assert shown.proposal.answer["kind"] in {"counter", "handoff"}
    assert shown.proposal.answer["codes"]


def test_the_same_form_makes_one_proposal_whatever_comes_at_once(work, chain, propose):
    token = secrets.token_urlsafe(24)
    with ThreadPoolExecutor(4) as pool:
        done = set(pool.map(lambda _: propose(token=token), range(8)))
    assert len(done) == len(kept(work, chain)) == 1


def test_a_plan_with_a_course_can_be_proposed_and_signed(database, work, chain, propose):
    trainer = a_trainer(database)
    with work.read() as tx:
        course = find_course(tx, course_ref=trainer.course_ref)
    propose(ask=Ask(family="skills", pay_minor=15_000, freq="monthly"), course=course)
    (shown,) = kept(work, chain)
    with work.read() as tx:
        offer = offers.find_offer(tx, offer_ref=shown.offer_ref)
    assert (offer.family, offer.plan["params"]["course"]) == ("skills", trainer.course_ref)
    assert chain.sign(chain.prepare(shown.offer_ref).agreement).agreement_ref


def test_a_budget_of_a_counselor_counts_as_an_advisers(work, chain, counselor, grant_ref):
    budget = Budget(income_minor=200_000, outgoings_minor=190_000)
    named = {"counselor": counselor, "grant_ref": grant_ref, "budget": budget, "now": NOW}
    assert record_client_budget(work, account_id=chain.account_id, **named)
    with work.read() as tx:
        assert budgets.find_newest(tx, debtor_id=chain.debtor_id).evidence == "adviser"


def test_without_the_scope_or_the_grant_nothing_happens(
    database, work, lender, chain, guest, counselor, propose
):
    only_view = a_client(database, work, guest, chain.debtor_id, scopes=("view",))
    assert propose(grant_ref=only_view) == NotProposed(reason="no_grant")
    other = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=build.a_debtor(work))
    assert propose(account_id=other) == NotProposed(reason="unknown")
    budget = {"budget": Budget(income_minor=1, outgoings_minor=0), "now": NOW, "counselor": counselor}
    assert not record_client_budget(work, grant_ref=only_view, account_id=chain.account_id, **budget)
    stranger = a_counselor(database)
    someone = Counselor(counselor_id=stranger.guest_id, agency_id=stranger.house_id)
    assert propose(counselor=someone) == NotProposed(reason="no_grant")


def test_after_the_client_took_it_back_nothing_can_be_proposed(work, chain, grant_ref, propose):
    revoke_grant(work, grant_ref=grant_ref, debtor_id=chain.debtor_id, now=NOW)
    assert propose() == NotProposed(reason="no_grant")
    assert kept(work, chain) == []

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest

from portal.actions.care.ask_for_person import ask_for_person
from portal.actions.cases.answer_case import answer_case
from portal.actions.cases.desk import lay_desk
from portal.actions.cases.make_offer import StaffAnswer, asked_in, ruled_case
from portal.actions.cases.propose_plan import hand_off, propose_plan
from portal.core.actors import DEBTOR, staff_actor
from portal.core.cases.authority import staff_plans
from portal.core.negotiation.ask import Ask
from portal.gateways.ids import new_id
from portal.store import accounts, cases, handoffs, offers
from portal.store.cases import find_case_of_account
from tests import build
from tests.actions.chain import a_chain

NOON = build.NOW + timedelta(hours=7)
ASK = Ask(pay_minor=2_000)


@dataclass
class AnswerDesk:
    chain: object
    now: object = NOON
    staff_id: UUID = field(default_factory=new_id)

    @property
    def work(self):
        return self.chain.work

    def hand_off(self, ask=ASK, words="Please help"):
        with self.work.begin() as tx:
            accounts.lock_account(tx, account_id=self.chain.account_id)
            desk = self.desk(tx)
            propose = cases.open_case(
                tx,
                debtor_id=self.chain.debtor_id,
                account_ids=[self.chain.account_id],
                bounds_id=desk.version.bounds_id,
                currency="USD",
                facts={},
                now=self.now,
            )
            return hand_off(
                tx, desk, propose, cause="asks_used", ask=ask, words=words, actor=DEBTOR, now=self.now
            )

    def desk(self, tx):
        return lay_desk(
            tx,
            account_id=self.chain.account_id,
            debtor_id=self.chain.debtor_id,
            today=self.now.date(),
            now=self.now,
        )

    def plans(self, ask=ASK, role="agent"):
        with self.work.read() as tx:
            return staff_plans(ruled_case(self.desk(tx)), ask, role)

    def answer(self, handoff, kind, *, role="agent", now=None, reason="within_authority", **more):
        return answer_case(
            self.work,
            handoff_id=handoff.handoff_id,
            answer=StaffAnswer(kind=kind, reason=reason, **more),
            role=role,
            staff_id=self.staff_id,
            actor=staff_actor("stf_1"),
            base_url="https://pay.example",
            now=now or self.now,
        )

    def told(self, type_):
        return [row.payload for row in build.events_of(self.work) if row.type == type_]


@pytest.fixture
def answers(work, lender):
    return AnswerDesk(a_chain(work, lender))


def test_a_counter_is_the_nearest_plan_within_the_authority(answers, work):
    handoff = answers.hand_off()
    plan = answers.plans().nearest
    done = answers.answer(handoff, "counter", plan_id=plan.id)
    assert (done.kind, done.message, done.is_late) == ("answered", "queued", False)
    with work.read() as tx:
        offer = offers.find_offer(tx, offer_ref=done.offer_ref)
        case = find_case_of_account(tx, account_id=answers.chain.account_id)
        kept = handoffs.find_handoff(tx, handoff_id=handoff.handoff_id)
    assert (offer.plan_id, offer.state) == (plan.id, "firm")
    assert case.state == "open"
    assert (kept.state, kept.answer["offer"]) == ("answered", done.offer_ref)
    (told,) = answers.told("case.answered")
    assert (told["answer"], told["offer"], told["id"]) == ("counter", done.offer_ref, case.case_ref)
    assert [one["id"] for one in answers.told("offer.shown")] == [done.offer_ref]


def test_what_was_asked_is_accepted_only_inside_the_authority(answers):
    handoff = answers.hand_off(Ask(pay_minor=100))
    assert answers.answer(handoff, "accept").kind == "no_plan"
    assert answers.answer(handoff, "accept", role=None).kind == "no_authority"
    lowest = answers.plans(Ask(pay_minor=100)).nearest.payment
    within = answers.hand_off(Ask(pay_minor=lowest))
    assert answers.answer(within, "accept").kind == "answered"


def test_another_payment_can_be_typed_and_another_plan_is_noticed(answers, work):
    handoff = answers.hand_off()
    wanted = answers.plans(Ask(pay_minor=9_000)).nearest
    assert answers.answer(handoff, "counter", pay_minor=9_000, plan_id="other").kind == "changed"
    done = answers.answer(handoff, "counter", pay_minor=9_000, plan_id=wanted.id)
    with work.read() as tx:
        assert offers.find_offer(tx, offer_ref=done.offer_ref).plan_id == wanted.id


def test_no_without_words_does_not_exist_and_the_words_are_sealed(answers, work):
    handoff = answers.hand_off()
    assert answers.answer(handoff, "decline").kind == "words_needed"
    done = answers.answer(handoff, "ask_more", reason="papers_needed", words="Which month?")
    assert (done.kind, done.offer_ref) == ("answered", "")
    with work.read() as tx:
        assert handoffs.load_answer_words(tx, handoff_id=handoff.handoff_id) == "Which month?"
        kept = handoffs.find_handoff(tx, handoff_id=handoff.handoff_id)
    assert "Which month?" not in str(kept.answer)
    assert answers.told("offer.shown") == []


def test_a_late_answer_is_flagged(answers):
    handoff = answers.hand_off()
    done = answers.answer(handoff, "counter", now=NOON + timedelta(days=4))
    assert done.is_late
    assert answers.told("case.answered")[0]["is_late"] is True


def test_one_answer_only_even_at_the_same_time(answers):
    handoff = answers.hand_off()
    with ThreadPoolExecutor(3) as pool:
        kinds = [one.kind for one in pool.map(lambda _: answers.answer(handoff, "counter"), range(3))]
    assert sorted(kinds) == ["answered", "answered_already", "answered_already"]
    assert len(answers.told("case.answered")) == 1


def test_who_only_wants_to_talk_can_be_answered_by_phone(answers, work):
    ask_for_person(
        work,
        debtor_id=answers.chain.debtor_id,
        account_id=answers.chain.account_id,
        words="Call me",
        token=secrets.token_urlsafe(24),
        now=NOON,
    )
    with work.read() as tx:
        (handoff,) = handoffs.list_handoffs_of(tx, debtor_id=answers.chain.debtor_id)
    assert asked_in(handoff) == Ask()
    done = answers.answer(handoff, "close", role=None, reason="answered_by_phone")
    assert (done.kind, done.message) == ("answered", "")
    (told,) = answers.told("case.answered")
    assert (told["id"], told["answer"]) == (handoff.handoff_ref, "close")


def test_a_person_may_offer_a_plan_where_no_case_was_open(answers, work):
    ask_for_person(
        work,
        debtor_id=answers.chain.debtor_id,
        account_id=answers.chain.account_id,
        words="Call me",
        token=secrets.token_urlsafe(24),
        now=NOON,
    )
    with work.read() as tx:
        (handoff,) = handoffs.list_handoffs_of(tx, debtor_id=answers.chain.debtor_id)
    assert answers.answer(handoff, "counter").kind == "answered"
    with work.read() as tx:
        assert find_case_of_account(tx, account_id=answers.chain.account_id).state == "open"


def test_a_debtors_own_ask_can_be_read_back(answers, work):
    propose_plan(
        work,
        account_id=answers.chain.account_id,
        debtor_id=answers.chain.debtor_id,
        ask=Ask(pay_minor=100, months=3),
        words=None,
        form_token=secrets.token_urlsafe(24),
        today=NOON.date(),
        now=NOON,
    )
    handoff = answers.hand_off(Ask(pay_minor=100, first_on=NOON.date(), months=3))
    assert asked_in(handoff) == Ask(pay_minor=100, first_on=NOON.date(), months=3)


def test_unknown_cases_and_senseless_answers(answers):
    handoff = answers.hand_off()
    with pytest.raises(ValueError, match="no such answer"):
        answers.answer(handoff, "perhaps")
    with pytest.raises(ValueError, match="no such answer"):
        answers.answer(handoff, "close", reason="mood")
    gone = type(handoff)(**{**vars(handoff), "handoff_id": new_id()})
    assert answers.answer(gone, "close").kind == "unknown"

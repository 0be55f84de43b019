"""Money that fits nothing: put on an account or sent back, by two people, told and booked once."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from portal.actions.payments.ask_unmatched import ask_unmatched, money_of
from portal.actions.payments.decide_unmatched import decide_unmatched
from portal.actions.payments.receive_payment_event import receive_payment_event
from portal.actions.payments.record_payment import record_payment
from portal.actions.payments.send_unmatched import send_unmatched
from portal.core.actors import staff_actor
from portal.core.money import Money
from portal.core.payments import Kind, PaymentRefused, PaymentUnknown, RefundStarted
from portal.store import books, inbox, payments, unmatched
from tests import build
from tests.actions.chain import a_chain, a_notice
from tests.actions.payments.test_record_payment import books as books_of
from tests.actions.payments.test_record_payment import tell

ANN, BOB = staff_actor("stf_ann"), staff_actor("stf_bob")


@pytest.fixture
def chain(work, lender):
    chain = a_chain(work, lender)
    chain.signed()
    return chain


class Somebody:
    """A payment that is none of ours."""

    def __init__(self):
        self.payment_id, self.amount_minor, self.currency = uuid4(), 7_500, "USD"


def a_step(work, *, now):
    """Let money have come that fits nothing, and somebody have asked to send it back; gives the step's reference."""
    notice = a_notice(Somebody())
    receive_payment_event(work, source="stripe", notice=notice, now=now)
    record_payment(work, source="stripe", outside_id=notice.event_id, now=now)
    asked = ask_unmatched(
        work, source="stripe", outside_id=notice.event_id, kind="send_back", by="stf_ann", actor=ANN, now=now
    )
    return asked.step_ref


def a_stranger(chain, kind=Kind.SUCCEEDED, **more):
    notice = a_notice(Somebody(), kind, **more)
    assert tell(chain, notice) == "ignored"
    return notice


def ask(chain, notice, kind="match", account_ref=None, by="stf_ann"):
    account_ref = chain.account().account_ref if account_ref is None else account_ref
    return ask_unmatched(
        chain.work, source="stripe", outside_id=notice.event_id, kind=kind, account_ref=account_ref, by=by, actor=ANN,
        now=chain.now,
    )  # fmt: skip


def decide(chain, asked, decision="approved", by="stf_bob"):
    return decide_unmatched(
        chain.work, step_ref=asked.step_ref, decision=decision, by=by, actor=BOB, now=chain.now
    )


def types_of(chain):
    return [row.type for row in build.events_of(chain.work)]


def waiting(chain):
    with chain.work.read() as tx:
        return books.list_unmatched(tx, limit=9)


def test_two_people_put_it_on_an_account_and_it_is_a_payment_like_any_other(chain):
    before, notice = chain.account().balance_minor, a_stranger(chain)
    asked = ask(chain, notice)
    assert decide(chain, asked, by="stf_ann") == "own_work"
    assert [decide(chain, asked) for _ in range(2)] == ["decided", "not_waiting"]
    with chain.work.read() as tx:
        paid = payments.find_payment(tx, gateway="stripe", gateway_ref=notice.payment_ref)
    assert (paid.state, paid.amount_minor, paid.account_id) == ("succeeded", 7_500, chain.account_id)
    assert chain.account().balance_minor < before
    assert sum(books_of(chain).values()) == 0
    assert waiting(chain) == []
    told = types_of(chain)
    assert sorted(one for one in told if one.startswith("approval") or one == "payment.succeeded") == [
        "approval.decided", "approval.requested", "payment.succeeded"
    ]  # fmt: skip
    back = replace(a_notice(Somebody(), Kind.REFUNDED), attempt=None, payment_ref=notice.payment_ref)
    assert tell(chain, back) == "applied"


class Gateway:
    """Answers refunds as it is told to."""

    name = "stripe"

    def __init__(self, answer=None):
        self.answer, self.asked = answer, []

    def refund(self, *, key, payment_ref, amount, reason=None):
        del reason
        self.asked.append((key, payment_ref, amount))
        return self.answer or RefundStarted(refund_ref="re_1", state="succeeded", amount=amount)


def send(chain, gateway, now=None):
    with chain.work.read() as tx:
        (step,) = [
            one for state in ("approved", "done", "failed") for one in unmatched.list_steps(tx, state=state)
        ]
    return send_unmatched(chain.work, step_id=step.step_id, gateway=gateway, now=now or chain.now)


def test_it_goes_back_once_and_the_lender_hears_it(chain):
    notice = a_stranger(chain)
    assert decide(chain, ask(chain, notice, "send_back")) == "decided"
    assert send(chain, Gateway(PaymentUnknown(code="timeout"))) == "waits"
    gateway = Gateway()
    assert [send(chain, gateway) for _ in range(2)] == ["done", "nothing"]
    assert [one[1:] for one in gateway.asked] == [(notice.payment_ref, Money(7_500, "USD"))]
    assert (waiting(chain), types_of(chain).count("payment.sent_back")) == ([], 1)
    assert books_of(chain) == {}


@pytest.mark.parametrize(
    "answer",
    [
        PaymentRefused(code="charge_already_refunded"),
        RefundStarted(refund_ref="re_1", state="failed", amount=Money(7_500, "USD")),
    ],
)
def test_what_the_provider_refuses_waits_for_a_person_again(chain, answer):
    notice = a_stranger(chain)
    decide(chain, ask(chain, notice, "send_back"))
    assert send(chain, Gateway(answer)) == "failed"
    assert len(waiting(chain)) == 1
    assert ask(chain, notice).kind == "asked"


def test_an_answer_that_never_came_is_not_asked_for_after_the_key_is_forgotten(chain):
    decide(chain, ask(chain, a_stranger(chain), "send_back"))
    assert send(chain, Gateway(), now=chain.now + timedelta(hours=25)) == "stale"


def test_a_no_leaves_it_where_it_is(chain):
    notice = a_stranger(chain)
    assert decide(chain, ask(chain, notice), "declined") == "decided"
    assert (len(waiting(chain)), ask(chain, notice).kind) == (1, "asked")
    assert (
        decide_unmatched(
            chain.work, step_ref="ums_none", decision="approved", by="stf_bob", actor=BOB, now=chain.now
        )
        == "unknown"
    )


def test_what_cannot_be_is_refused_by_name(chain, work):
    notice = a_stranger(chain)
    assert ask(chain, notice, account_ref="nobody").kind == "no_account"
    assert ask(chain, replace(notice, event_id="evt_none")).kind == "unknown"
    assert ask(chain, a_stranger(chain, Kind.REFUNDED)).kind == "no_money"
    other = replace(a_notice(Somebody()), amount=Money(100, "EUR"))
    assert tell(chain, other) == "ignored"
    assert ask(chain, other).kind == "other_currency"
    assert [ask(chain, notice).kind for _ in range(2)] == ["asked", "waiting"]
    with pytest.raises(ValueError, match="a kind is one of"):
        ask(chain, notice, "keep")
    assert money_of(b"{") is None


def test_a_notice_that_was_applied_meanwhile_is_nobodys_to_move(chain):
    notice = a_stranger(chain)
    with chain.work.begin() as tx:
        inbox.finish(tx, source="stripe", outside_id=notice.event_id, state="done", now=chain.now)
    assert ask(chain, notice).kind == "unknown"
    assert receive_payment_event(chain.work, source="stripe", notice=notice, now=chain.now) is False
    assert (
        record_payment(chain.work, source="stripe", outside_id=notice.event_id, now=chain.now).result
        == "nothing_new"
    )

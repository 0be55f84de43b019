import json
import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.agreements.prepare_agreement import OfferGone
from portal.actions.agreements.sign_agreement import NotSigned, Signed
from portal.actions.agreements.withdraw_agreement import Withdrawn, withdraw_agreement
from portal.actions.amendments.propose_change import ChangeOffered, NotOffered, propose_change
from portal.core.amendments.changes import changed
from portal.core.amendments.reshape import Wish
from portal.core.payments import Kind
from portal.store import agreements, life_changes, lives, offers, versions
from tests import build
from tests.actions.life.living import a_living


def change(living, *, token=None, **wish):
    return propose_change(
        living.work,
        account_id=living.chain.account_id,
        debtor_id=living.chain.debtor_id,
        wish=Wish(**wish),
        form_token=token or secrets.token_urlsafe(24),
        today=living.chain.today,
        now=living.chain.now,
    )


def amended(living, **wish):
    """Propose a change, prepare its agreement and sign it."""
    offered = change(living, **wish)
    assert isinstance(offered, ChangeOffered), offered
    agreement = living.chain.prepare(offered.offer_ref).agreement
    return living.chain.sign(agreement), agreement


def paid_twice(living):
    for row in living.rows[:2]:
        at = living.after(row)
        living.act(at)
        living.pay(row.amount_minor, at=at)
    return living


@pytest.mark.parametrize(
    ("wish", "terms"),
    [
        pytest.param({"kind": "calendar", "due_day": 11}, {"first_on", "last_on"}, marks=pytest.mark.long),
        ({"kind": "calendar", "freq": "fortnightly"}, {"payment", "count", "rhythm"}),
        pytest.param(
            {"kind": "amount", "pay_minor": 30_000}, {"payment", "count", "last_on"}, marks=pytest.mark.long
        ),
        pytest.param({"kind": "pause", "months": 1}, {"first_on", "last_on"}, marks=pytest.mark.long),
    ],
)
def test_a_change_becomes_a_new_signed_version_that_asks_for_as_much(work, lender, wish, terms):
    living = paid_twice(a_living(work, lender, payment_minor=12_000))
    left = sum(row.left_minor for row in living.rows)
    done, fresh = amended(living, **wish)
    assert done == Signed(agreement_ref=fresh.agreement_ref, was_signed=False)
    said = json.loads(fresh.terms_json)
    assert (fresh.version, fresh.amends_id) == (2, living.agreement_id)
    assert said["amends"]["agreement"] == living.agreement_ref
    assert terms <= set(changed(said["amends"]["changes"]))
    assert not {"left", "rate", "waived", "grace_days"} & set(changed(said["amends"]["changes"]))
    with work.read() as tx:
        rows = agreements.list_installments(tx, agreement_id=fresh.agreement_id)
        active = agreements.find_active(tx, account_id=living.chain.account_id)
        newer = versions.find_successor(tx, agreement_id=living.agreement_id)
    assert sum(row.amount_minor for row in rows) == left
    assert (living.state, active.agreement_id) == ("amended", fresh.agreement_id)
    assert newer.agreement_ref == fresh.agreement_ref
    (told,) = living.events("agreement.amended")
    assert told.payload["amends"] == living.agreement_ref
    assert told.payload["version"] == 2


@pytest.mark.long
def test_the_new_version_lives_and_the_old_one_rests(work, lender):
    living = paid_twice(a_living(work, lender, payment_minor=12_000))
    old = living.rows
    _, fresh = amended(living, kind="calendar", due_day=11)
    later = replace(living, agreement_id=fresh.agreement_id, agreement_ref=fresh.agreement_ref)
    row = later.rows[0]
    later.act(later.after(row))
    told = [one.payload["agreement"] for one in later.events("installment.due")]
    assert told[-1] == fresh.agreement_ref
    assert living.rows == old
    later.pay(row.amount_minor, at=later.after(row))
    assert later.rows[0].state == "paid"


def test_money_between_the_offer_and_the_signature_asks_for_a_new_offer(work, lender):
    living = paid_twice(a_living(work, lender, payment_minor=12_000))
    offered = change(living, kind="calendar", due_day=11)
    agreement = living.chain.prepare(offered.offer_ref).agreement
    living.pay(1_000)
    assert living.chain.sign(agreement) == NotSigned(reason="balance_changed")
    assert living.chain.prepare(offered.offer_ref) == OfferGone(reason="balance_changed")
    assert living.state == "active"


@pytest.mark.long
def test_a_moved_payment_between_them_does_so_too(work, lender):
    living = paid_twice(a_living(work, lender, payment_minor=12_000))
    agreement = living.chain.prepare(change(living, kind="pause", months=1).offer_ref).agreement
    row = living.rows[3]
    with work.begin() as tx:
        kept = lives.load_life(tx, agreement_id=living.agreement_id)
        moved = replace(kept.life.row(row.number), due_on=row.due_on + timedelta(days=3))
        from_store(tx, kept, moved)
    assert living.chain.sign(agreement) == NotSigned(reason="plan_changed")


def from_store(tx, kept, row):
    life_changes.save_lives(tx, [life_changes.Change(kept, kept.life.with_rows(row), None)])


def test_two_changes_at_once_end_in_one(work, lender):
    living = paid_twice(a_living(work, lender, payment_minor=12_000))
    first, second = change(living, kind="pause", months=1), change(living, kind="calendar", due_day=11)
    ready = [living.chain.prepare(one.offer_ref).agreement for one in (first, second)]
    assert isinstance(living.chain.sign(ready[0]), Signed)
    assert living.chain.sign(ready[1]) == NotSigned(reason="taken")


def test_a_change_taken_back_in_time_lets_the_old_version_run_again(work, lender):
    living = paid_twice(a_living(work, lender, payment_minor=12_000))
    owed = living.rows[2].left_minor
    _, fresh = amended(living, kind="pause", months=1)
    living.pay(5_000)
    done = withdraw_agreement(
        work, agreement_ref=fresh.agreement_ref, debtor_id=living.chain.debtor_id, now=living.chain.now
    )
    assert done == Withdrawn(was_withdrawn=False)
    assert living.state == "active"
    assert living.rows[2].left_minor == owed - 5_000
    assert living.events("agreement.withdrawn")[-1].payload["back_to"] == living.agreement_ref
    with work.read() as tx:
        assert versions.find_successor(tx, agreement_id=living.agreement_id) is None
    assert isinstance(change(living, kind="calendar", due_day=11), ChangeOffered)


def test_the_same_form_gives_the_same_offer_and_outside_the_bounds_there_is_the_nearest(work, lender):
    living = paid_twice(a_living(work, lender, payment_minor=12_000))
    token = secrets.token_urlsafe(24)
    first = change(living, kind="pause", months=1, token=token)
    assert change(living, kind="pause", months=1, token=token) == first
    no = change(living, kind="amount", pay_minor=100)
    assert (no.cause, no.codes[0].code) == ("bounds", "TERM_MAX")
    assert no.nearest.total == sum(row.left_minor for row in living.rows)


@pytest.mark.long
def test_the_bounds_say_how_often_and_then_a_person_looks(work, lender):
    living = paid_twice(a_living(work, lender, payment_minor=12_000))
    for day in (11, 12, 13):
        done, fresh = amended(living, kind="calendar", due_day=day)
        assert isinstance(done, Signed)
        living = replace(living, agreement_id=fresh.agreement_id, agreement_ref=fresh.agreement_ref)
    assert change(living, kind="calendar", due_day=14) == NotOffered(cause="person")


def test_new_terms_by_the_engine_are_a_new_version_too(work, lender):
    living = paid_twice(a_living(work, lender, payment_minor=12_000))
    offered = living.chain.choose(family="installment", payment_minor=20_000)
    agreement = living.chain.prepare(offered.offer_ref).agreement
    assert json.loads(agreement.terms_json)["amends"]["reason"] == "terms"
    assert isinstance(living.chain.sign(agreement), Signed)
    assert living.state == "amended"


def test_money_of_the_old_version_that_goes_back_comes_at_the_end(work, lender):
    living = a_living(work, lender, payment_minor=12_000)
    row = living.rows[0]
    living.act(living.after(row))
    payment = living.pay(row.amount_minor, at=living.after(row))
    _, fresh = amended(living, kind="calendar", due_day=11)
    later = replace(living, agreement_id=fresh.agreement_id, agreement_ref=fresh.agreement_ref)
    last = later.rows[-1]
    living.tell(payment, Kind.DISPUTE_LOST)
    assert later.rows[-1].amount_minor == last.amount_minor + row.amount_minor
    waived = sum(json.loads(fresh.terms_json)["plan"]["waived"].values())
    assert living.chain.account().balance_minor - waived == sum(one.left_minor for one in later.rows)


def test_a_strangers_plan_cannot_be_changed(work, lender):
    living = a_living(work, lender, payment_minor=12_000)
    stranger = replace(living, chain=replace(living.chain, debtor_id=build.a_debtor(work)))
    assert change(stranger, kind="pause", months=1) == NotOffered(cause="unknown")
    with work.read() as tx:
        assert offers.find_offer(tx, offer_ref="ofr_0") is None

"""Where a payment stands does not depend on the order in which it was told; checked against a slow retelling."""

import itertools
import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from portal.core.money import Money
from portal.core.payment_story import learn, standing
from portal.core.payments import Kind, PaymentNotice

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def told(kind, minor=6_000, *, at=0, **more):
    return PaymentNotice(
        event_id="evt",
        event_type="test",
        kind=kind,
        at=NOON + timedelta(minutes=at),
        amount=Money(minor, "USD"),
        **more,
    )


def after(*notices):
    facts = {}
    for notice in notices:
        facts = learn(facts, notice)
    return facts


def histories(seed, count, *, length=5):
    """Make histories as a provider tells them in truth: only what really follows, with pairs that belong together."""
    dice = random.Random(seed)
    for _ in range(count):
        yield [_step(dice, at) for at in range(length)]


def _step(dice, at):
    kind = dice.choice([k for k in Kind if k not in (Kind.UNREADABLE, Kind.IGNORED)])
    minor = 6_000 if kind is Kind.SUCCEEDED else dice.choice([500, 2_000, 4_000, 6_000])
    refund = dice.choice(["re_1", "re_2", None]) if kind is Kind.REFUNDED else "re_1"
    return told(
        kind,
        minor,
        at=at,
        refund_ref=refund if kind in (Kind.REFUNDED, Kind.REFUND_FAILED) else None,
        dispute_ref=dice.choice(["dp_1", "dp_2"]),
        decline_code=dice.choice([None, "insufficient_funds"]),
    )


def retold(notices):
    """The slow oracle: all notices looked at once, each question asked anew of the whole bag."""
    came = [n.amount.minor for n in notices if n.kind is Kind.SUCCEEDED]
    if not came:
        words = [n for n in notices if n.kind in (Kind.PENDING, Kind.FAILED, Kind.CANCELED)]
        rank = [Kind.PENDING, Kind.CANCELED, Kind.FAILED]
        last = max(words, key=lambda n: (n.at, rank.index(n.kind)), default=None)
        return (last.kind.value if last else None), 0, 0, 0
    took = max(came)
    failed = {n.refund_ref for n in notices if n.kind is Kind.REFUND_FAILED}
    refs = {n.refund_ref for n in notices if n.kind in (Kind.REFUNDED, Kind.REFUND_FAILED)} - {None}
    size = {r: max(n.amount.minor for n in notices if n.refund_ref == r) for r in refs}
    peak = max(
        (n.amount.minor for n in notices if n.kind is Kind.REFUNDED and n.refund_ref is None), default=0
    )
    good = sum(size[r] for r in refs - failed)
    refunded = min(max(good, peak - sum(size[r] for r in failed), 0), took)
    disputes = {}
    for n in notices:
        if n.kind in (Kind.DISPUTED, Kind.DISPUTE_WON, Kind.DISPUTE_LOST):
            disputes.setdefault(n.dispute_ref, []).append(n)
    lost = [ns for ns in disputes.values() if any(n.kind is Kind.DISPUTE_LOST for n in ns)]
    returned = min(sum(max(n.amount.minor for n in ns) for ns in lost), took - refunded)
    asked = any(all(n.kind is Kind.DISPUTED for n in ns) for ns in disputes.values())
    whole = refunded + returned == took
    state = "disputed" if asked else "succeeded" if not whole else "returned" if returned else "refunded"
    return state, took, refunded, returned


def seen(notices):
    found = standing(after(*notices))
    return found.state, found.took, found.refunded, found.returned


def test_a_thousand_histories_stand_where_the_retelling_says():
    for history in histories(1, 1_000):
        assert seen(history) == retold(history), history


def test_every_order_of_fifty_histories_ends_alike():
    for history in histories(2, 50):
        ends = {json.dumps(after(*order), sort_keys=True) for order in itertools.permutations(history)}
        assert len(ends) == 1, history


def test_told_again_is_nothing_new():
    for history in histories(3, 200):
        facts = after(*history)
        assert all(learn(facts, notice) == facts for notice in history)


def test_no_more_goes_back_than_came_in():
    for history in histories(4, 500, length=8):
        found = standing(after(*history))
        assert 0 <= found.refunded + found.returned <= found.took


@pytest.mark.parametrize(
    ("notices", "expected"),
    [
        ([], (None, 0, 0, 0)),
        ([told(Kind.PENDING)], ("pending", 0, 0, 0)),
        ([told(Kind.FAILED, at=1), told(Kind.PENDING)], ("failed", 0, 0, 0)),
        ([told(Kind.FAILED), told(Kind.SUCCEEDED, at=1)], ("succeeded", 6_000, 0, 0)),
        ([told(Kind.REFUNDED, 2_000), told(Kind.SUCCEEDED)], ("succeeded", 6_000, 2_000, 0)),
        ([told(Kind.SUCCEEDED), told(Kind.REFUNDED)], ("refunded", 6_000, 6_000, 0)),
        (
            [told(Kind.REFUND_FAILED, refund_ref="re_1"), told(Kind.SUCCEEDED), told(Kind.REFUNDED)],
            ("succeeded", 6_000, 0, 0),
        ),
        ([told(Kind.DISPUTE_LOST, 4_000), told(Kind.SUCCEEDED)], ("succeeded", 6_000, 0, 4_000)),
        ([told(Kind.SUCCEEDED), told(Kind.DISPUTED)], ("disputed", 6_000, 0, 0)),
        (
            [told(Kind.DISPUTE_WON), told(Kind.SUCCEEDED), told(Kind.DISPUTED)],
            ("succeeded", 6_000, 0, 0),
        ),
    ],
)
def test_what_a_history_comes_to(notices, expected):
    assert seen(notices) == expected


def test_a_decline_keeps_its_reason():
    found = standing(after(told(Kind.FAILED, decline_code="lost_card", is_final=True)))
    assert (found.code, found.is_final) == ("lost_card", True)


def test_the_day_of_the_money_is_the_first_one_told():
    assert standing(after(told(Kind.SUCCEEDED, at=60 * 24), told(Kind.SUCCEEDED))).took_on == NOON.date()

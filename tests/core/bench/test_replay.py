from dataclasses import replace

import pytest

from portal.core.bench.replay import Outcome, favorite, informed, measure, play
from tests.core.bench.crowds import first


class Scripted:
    """Says the given rows round by round, the last ones for ever."""

    def __init__(self, *rounds):
        self.rounds = rounds

    def offers(self, number, wish):
        return self.rounds[min(number, len(self.rounds)) - 1]


def scripted(*rounds):
    return lambda *_: Scripted(*rounds)


def a_pair():
    crowd = first()
    return next(
        (d, f)
        for d, f in zip(crowd.debtors, crowd.fields, strict=True)
        if len(f.zone) > 50 and d.patience > 3
    )


def test_the_best_of_the_zone_is_taken_at_once_and_nothing_never():
    debtor, field = a_pair()
    best = max(field.zone, key=lambda row: field.utility[row])
    assert play(debtor, field, scripted([best])) == Outcome(best, 1)
    assert play(debtor, field, scripted([])) == Outcome(None, debtor.patience)


def test_what_cannot_be_paid_is_not_taken():
    debtor, field = a_pair()
    dear = [row for row in field.inside if not field.payable[row]]
    assert favorite(field, dear) is None
    assert play(debtor, field, scripted(dear)).row is None


def test_patience_brings_aspirations_down():
    debtor, field = a_pair()
    worst = min(field.zone, key=lambda row: field.utility[row])
    assert play(debtor, field, scripted([worst])).rounds > 1


def test_a_waiter_waits_while_offers_get_better_and_no_longer():
    debtor, field = a_pair()
    best = max(field.zone, key=lambda row: field.utility[row])
    waiter = replace(debtor, waits=True)
    assert play(waiter, field, scripted([best])).rounds == 2


def test_measures_by_hand_and_their_bound():
    _, field = a_pair()
    top = max(field.zone, key=field.nash)
    dear = max(field.zone, key=lambda row: field.value[row])
    one = measure([field], [Outcome(top, 1)])
    assert (one.agreement, one.nash, one.rounds, one.count) == (1.0, 1.0, 1.0, 1)
    assert one.value == pytest.approx(field.value[top] / field.best_value)
    assert measure([field], [Outcome(dear, 2)]).value == 1.0
    none = measure([field], [Outcome(None, 5)])
    assert (none.agreement, none.nash, none.completion) == (0.0, 0.0, 0.0)
    assert none.value == pytest.approx(0.15 / field.best_value)
    assert informed([field], 0.0) == (Outcome(top, 1),)
    assert measure([field], informed([field], 1e6)).value == 1.0

import random
from datetime import date, timedelta

from portal.core.statements import Effect, statement

START = date(2027, 1, 1)


def test_a_statement_ends_where_the_balance_stands():
    effects = [
        Effect(on=START, cause="payment", amount=-100),
        Effect(on=START + timedelta(days=5), cause="refund", amount=40),
        Effect(on=START + timedelta(days=9), cause="payment", amount=-7),
    ]
    made = statement(balance=500, effects=effects, since=START, until=START + timedelta(days=5))
    assert (made.opening, made.closing) == (567, 507)
    assert [line.balance for line in made.lines] == [467, 507]


def test_a_posting_that_was_booked_late_stands_on_its_own_day():
    effects = [
        Effect(on=START + timedelta(days=3), cause="a", amount=-5),
        Effect(on=START, cause="b", amount=-1),
    ]
    made = statement(balance=0, effects=effects, since=START, until=START + timedelta(days=9))
    assert [line.effect.cause for line in made.lines] == ["b", "a"]


def test_statements_of_any_two_spans_meet():
    draw = random.Random(4)
    for _ in range(300):
        effects = [
            Effect(on=START + timedelta(days=draw.randrange(60)), cause="x", amount=draw.randrange(-900, 900))
            for _ in range(draw.randrange(12))
        ]
        cut, end = START + timedelta(days=draw.randrange(60)), START + timedelta(days=60)
        balance = draw.randrange(100_000)
        whole = statement(balance=balance, effects=effects, since=START, until=end)
        late = [one for one in effects if one.on > cut]
        first = statement(balance=balance, effects=effects, since=START, until=cut)
        second = statement(balance=balance, effects=late, since=cut + timedelta(days=1), until=end)
        assert first.closing == second.opening
        assert (first.opening, second.closing) == (whole.opening, whole.closing) == (
            balance - sum(one.amount for one in effects), balance,
        )  # fmt: skip

"""What a debtor is told of a plan that bears interest: the rate, what it comes to in all, and payments that differ."""

import re

import pytest

from portal.core.plans.build import build
from portal.core.plans.grammar import Terms
from portal.web.plan_words import plan_words
from tests.core.plans.frames import a_frame


def told(app, **terms):
    with app.test_request_context():
        return plan_words(build(Terms(family="restructure", count=24, **terms), a_frame(500_000)))


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("", "12% a year (APR 12.71%)"),
        ("equal_principal", "12% a year (APR 12.72%)"),
        ("flat", "12% a year on the whole sum (APR 23.9%)"),
    ],
)
def test_the_rate_is_told_with_everything_counted(app, method, said):
    words = told(app, rate_ppm=120_000, method=method)
    assert words.costs[-1].label == f"Interest in this plan, {said}"
    assert words.costs[0].amount.minor + words.costs[-1].amount.minor == words.total.minor


def test_payments_that_fall_are_called_so(app):
    words = told(app, rate_ppm=120_000, method="equal_principal")
    sentence = re.sub("<.*?>|[\u2066-\u2069]", "", words.sentence)
    assert words.each.startswith("up to ")
    assert max(row.amount.minor for row in words.rows) == 25_834
    assert "You pay up to £258.34 a month, 24 times." in sentence
    assert "Your payments get smaller: £258.34 first, £210.26 at the end." in sentence
    assert not words.rounding


def test_level_payments_are_told_as_before(app):
    words = told(app)
    assert not words.each.startswith("up to")
    assert "get smaller" not in words.sentence
    assert len(words.costs) == 1

"""Asks are answered on a grid: a private floor does not show in how long it takes."""

import random
import time

import pytest
from flask import Flask

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.policy import policy_set
from portal.web.api.client_acts import add_proposal
from portal.web.counselor.proposals import propose
from portal.web.debtor.asks import ask_for_less
from portal.web.pace import GRID_SECONDS, on_the_grid, rest_of
from tests.actions.identity.test_guessing import distance
from tests.core.negotiation.helpers import a_document, some_facts

APP = Flask(__name__)


def test_the_rest_leads_to_the_next_line():
    for elapsed in (0.0, 0.001, 0.049, 0.05, 0.0501, 0.173):
        lines = (elapsed + rest_of(elapsed)) / GRID_SECONDS
        assert abs(lines - round(lines)) < 1e-9
        assert 0 <= rest_of(elapsed) < GRID_SECONDS


def test_a_post_waits_and_a_page_does_not():
    paced = on_the_grid(lambda: "said")
    took = []
    for method in ("GET", "POST"):
        with APP.test_request_context(method=method):
            start = time.monotonic()
            assert paced() == "said"
            took.append(time.monotonic() - start)
    assert took[0] < GRID_SECONDS / 2 < GRID_SECONDS <= took[1]


def test_every_place_that_takes_an_ask_is_on_the_grid():
    plain = on_the_grid(lambda: "")
    for view in (ask_for_less, propose, add_proposal):
        assert view.__code__ is plain.__code__, view


@pytest.mark.long
def test_a_private_floor_does_not_show_in_the_time_of_an_answer():
    """1,000 answers of the same kind under a low and a high floor, taken turn by turn (Kolmogorov-Smirnov, p > .01)."""
    documents = [
        a_document(value={"npv_floor": floor}, policy={"open_share": "0.30"}) for floor in ("0.20", "0.60")
    ]
    sets = [parse_bounds(document) for document in documents]
    draw, took = random.Random(8), ([], [])
    paced = on_the_grid(lambda facts, bounds, ask: answer(facts=facts, bounds=bounds, ask=ask))
    for number in range(1_000):
        facts = some_facts(principal_minor=draw.randrange(100_000, 900_000))
        ask = Ask(pay_minor=draw.randrange(1_501, 4_000), months=12)
        policy_set.cache_clear()
        order = (0, 1) if number % 2 else (1, 0)
        for place in order:
            with APP.test_request_context(method="POST"):
                start = time.perf_counter()
                paced(facts, sets[place], ask)
                took[place].append(time.perf_counter() - start)
    print(f"distance {distance(*took):.3f} of {1.63 * (2 / 1000) ** 0.5:.3f}")  # noqa: T201 -- the figure of the run
    assert distance(*took) < 1.63 * (2 / 1000) ** 0.5

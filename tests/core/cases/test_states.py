"""I8 and I14: every walk ends, asks are bounded, and no state leaves a debtor without a way."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from portal.core.cases.states import MOVES, STATES, Standing, is_silent, step
from portal.core.errors import CaseError


class Walk(RuleBasedStateMachine):
    """A negotiation driven at random."""

    def __init__(self):
        super().__init__()
        self.standing = Standing()
        self.asks = 0

    @rule()
    def wait(self):
        assert self.standing.asks == self.asks

    @precondition(lambda self: MOVES[self.standing.state])
    @rule(data=st.data(), stage=st.integers(0, 2))
    def move(self, data, stage):
        before = self.standing
        name = data.draw(st.sampled_from(sorted(MOVES[before.state])))
        self.standing = step(before, name, stage=stage)
        self.asks = self.standing.asks
        assert self.standing.stage >= before.stage
        if name == "ask" and before.asks >= 5:
            assert self.standing.state == "person"

    @invariant()
    def nobody_is_left_in_silence(self):
        assert not is_silent(self.standing)
        assert self.standing.state in STATES
        if self.standing.state not in {"completed", "closed", "verify", "person"}:
            assert MOVES[self.standing.state]["wants_person"] == "person"


Walk.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestWalk = Walk.TestCase


def test_a_move_that_does_not_exist_is_refused():
    with pytest.raises(CaseError):
        step(Standing(state="menu"), "identified")


def test_too_many_renegotiations_lead_to_a_person():
    standing = Standing(state="broken", renegotiated=3)
    assert step(standing, "again").state == "person"
    assert step(Standing(state="broken"), "again").state == "facts"


def test_every_state_is_reached_from_the_start():
    seen, todo = set(), ["verify"]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo += MOVES[state].values()
    assert seen == set(STATES)

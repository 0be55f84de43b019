"""Two books: whatever happened on either side, the causes sum to the difference."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from portal.core.reconciliation import KEPT, OTHER, Told, reconcile

AT = datetime(2026, 12, 1, tzinfo=UTC)
CAUSES = ("payment", "refund", "returned", "waiver", "adjustment")


@st.composite
def stories(draw):
    """Play what happens to a balance in both books, step by step, and remember who heard what."""
    ours = theirs = draw(st.integers(0, 10**9))
    told, moved = None, {}
    for _ in range(draw(st.integers(0, 12))):
        if draw(st.booleans()):
            cause, amount = draw(st.sampled_from(CAUSES)), draw(st.integers(-(10**6), 10**6))
            ours += amount
            moved[cause] = moved.get(cause, 0) + amount
        else:
            theirs, before, moved = draw(st.integers(0, 10**9)), ours, {}
            ours = theirs if draw(st.booleans()) else ours
            told = Told(minor=theirs, ours_minor=ours, at=AT, effect="none" if ours != before else "keep")
    return ours, theirs, told, moved


@given(stories())
def test_the_causes_sum_to_the_difference_and_theirs_is_what_they_said(story):
    ours, theirs, told, moved = story
    found = reconcile(ours=ours, told=told, known_since=AT, moved=moved)
    assert (found.ours, found.theirs) == (ours, theirs)
    assert sum(amount for _, amount in found.causes) == found.difference == ours - theirs
    assert OTHER not in dict(found.causes)


def test_what_no_posting_explains_is_named():
    told = Told(minor=100, ours_minor=120, at=AT, effect="keep")
    found = reconcile(ours=75, told=told, known_since=AT, moved={"payment": -50})
    assert dict(found.causes) == {KEPT: 20, "payment": -50, OTHER: 5}
    assert found.effect == "keep"

import pytest

from portal.core.errors import NegotiationError
from portal.core.negotiation.ask import Ask, dated, gap_of, hits, nearest, of_family, read
from tests.core.negotiation.helpers import TODAY, a_policy, some_facts

POLICY = a_policy(some_facts())


@pytest.mark.parametrize(
    "bad", [{"pay_minor": -1}, {"waiver_bp": 10_001}, {"family": "gift"}, {"must": "mood"}, {"freq": "daily"}]
)
def test_what_nobody_can_mean_is_refused(bad):
    with pytest.raises(NegotiationError):
        Ask(**bad)


def test_what_is_said_and_what_that_implies():
    assert Ask(pay_minor=0, months=3).said == ("pay_minor", "months")
    assert read(Ask(pay_minor=5)).down_minor == 0
    assert read(Ask(pay_minor=5, family="parts")).down_minor is None
    assert read(Ask(months=5)).down_minor is None


def test_an_ask_may_say_nothing_or_too_much():
    assert list(hits(POLICY.plans, Ask(), POLICY)) == list(POLICY.plans)
    assert len(hits(POLICY.plans, Ask(pay_minor=0, total_minor=0), POLICY)) == 0
    assert (
        nearest(POLICY.plans, Ask(pay_minor=0, total_minor=0, months=0, waiver_bp=10_000), POLICY) is not None
    )
    assert nearest([], Ask(), POLICY) is None


def test_a_family_is_found_under_training_too():
    rows = of_family(POLICY.plans, "installment", POLICY)
    assert {POLICY.board.sheet.terms[int(row)].family for row in rows} == {"installment", "skills"}
    assert len(of_family(POLICY.plans, "consolidation", POLICY)) == 0


def test_a_must_axis_is_kept_before_all_others():
    ask = Ask(months=12, total_minor=200_000)
    hard = nearest(POLICY.plans, ask, POLICY, first=("months",))
    assert hard.periods <= 12
    assert gap_of(ask, "family", POLICY) is None


def test_a_slice_begins_no_earlier_than_the_wish():
    assert dated(Ask(first_on=TODAY), POLICY)
    assert not dated(Ask(first_on=TODAY.replace(year=2027)), POLICY)

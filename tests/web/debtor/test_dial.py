from dataclasses import replace

import pytest

from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.money import Money
from portal.web.debtor.dial import ShownDial

DIAL = ShownDial(
    name="amount",
    amount=Money(9_500, "USD"),
    least=Money(2_500, "USD"),
    most=Money(71_000, "USD"),
    step=Money(500, "USD"),
)


def test_a_dial_is_drawn_again_where_the_page_has_other_notches(app):
    with app.test_request_context("/", method="POST", data={"scale": DIAL.scale}):
        assert not DIAL.is_redrawn
        assert replace(DIAL, most=Money(70_500, "USD")).is_redrawn
        assert replace(DIAL, freq="weekly").is_redrawn
    with app.test_request_context("/", method="POST"):
        assert DIAL.is_redrawn


@pytest.mark.parametrize("freq", PERIODS_PER_YEAR)
def test_every_rhythm_has_a_label_of_its_own(app, freq):
    with app.test_request_context("/"):
        label = replace(DIAL, freq=freq).label
        others = {replace(DIAL, freq=one).label for one in PERIODS_PER_YEAR if one != freq}
    assert label
    assert label not in others


def test_its_words_are_in_the_language_of_the_request(app):
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        words = (DIAL.unit, DIAL.less, DIAL.more, DIAL.least_words, DIAL.most_words)
    assert [str(one) for one in words] == [
        "$",
        "$5.00 less",
        "$5.00 more",
        "$25.00 lowest",
        "$710.00 highest",
    ]

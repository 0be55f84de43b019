import pytest

from portal.core.errors import EventError
from portal.core.events.catalog import CATALOG
from portal.core.events.patterns import check_patterns, matches


@pytest.mark.parametrize(
    ("pattern", "type_", "fits"),
    [
        ("*", "payment.succeeded", True),
        ("payment.*", "payment.succeeded", True),
        ("payment.succeeded", "payment.succeeded", True),
        ("payment.*", "receipt.issued", False),
        ("payment", "payment.succeeded", False),
        ("pay*", "payment.succeeded", False),
        ("payment.succeeded", "payment.failed", False),
        ("", "payment.failed", False),
    ],
)
def test_a_pattern_asks_for_a_type_a_noun_or_everything(pattern, type_, fits):
    assert matches(pattern, type_) is fits


def test_patterns_are_given_back_sorted_and_once():
    assert check_patterns([" payment.* ", "agreement.signed", "payment.*", ""]) == [
        "agreement.signed",
        "payment.*",
    ]
    assert check_patterns(["*"]) == ["*"]
    assert all(check_patterns([name]) for name in CATALOG)


@pytest.mark.parametrize("patterns", [[], [""], ["plan.guessed"], ["pay*"], ["*.*"], ["agreement.signed.x"]])
def test_a_pattern_that_asks_for_nothing_is_refused(patterns):
    with pytest.raises(EventError):
        check_patterns(patterns)


def test_too_many_patterns_are_refused():
    with pytest.raises(EventError, match="more than 50"):
        check_patterns(list(CATALOG)[:51])

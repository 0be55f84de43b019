from dataclasses import replace
from datetime import timedelta

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.versions import version_for
from tests.core.negotiation.helpers import BOUNDS, TODAY, a_document, some_facts

BETTER = parse_bounds(a_document(value={"npv_floor": "0.20", "expected_cash_floor": "0.20"}))
WORSE = parse_bounds(a_document(value={"npv_floor": "0.60"}))
UNTIL = TODAY + timedelta(days=14)


def used(current, **changes):
    facts = replace(some_facts(), **changes)
    return version_for(facts=facts, pinned=BOUNDS, current=current, pinned_until=UNTIL)


def test_a_better_version_counts_at_once_and_a_worse_one_waits():
    assert used(BETTER) is BETTER
    assert used(WORSE) is BOUNDS
    assert used(BOUNDS) is BOUNDS


def test_after_the_lock_the_new_version_counts():
    assert used(WORSE, as_of=UNTIL) is BOUNDS
    assert used(WORSE, as_of=UNTIL + timedelta(days=1)) is WORSE


def test_a_version_that_no_longer_covers_the_account_waits_too():
    narrow = parse_bounds(a_document(when={"dpd": [31, 60]}))
    assert used(narrow) is BOUNDS
    facts = some_facts(days_past_due=20)
    assert version_for(facts=facts, pinned=BOUNDS, current=BETTER, pinned_until=UNTIL) is BETTER

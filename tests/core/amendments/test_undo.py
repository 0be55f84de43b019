from datetime import UTC, datetime, timedelta

import pytest

from portal.core.amendments.reshape import KINDS
from portal.core.amendments.undo import can_take_back

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("reason", ["", "terms", *KINDS])
@pytest.mark.parametrize("has_paid", [True, False])
@pytest.mark.parametrize("until", [None, NOW - DAY, NOW, NOW + DAY])
def test_inside_the_days_always_and_later_only_what_was_late_and_is_unpaid(reason, has_paid, until):
    inside = until in {NOW, NOW + DAY}
    caught_up = reason in {"re_age", "re_amortize"}
    assert can_take_back(until=until, reason=reason, has_paid=has_paid, now=NOW) == (
        inside or (caught_up and not has_paid)
    )

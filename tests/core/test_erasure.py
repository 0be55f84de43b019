"""What goes at once, what stays, why, and until when."""

from datetime import UTC, date, datetime

import pytest

from portal.core.erasure import KEPT_FOR_LAW, WANTED, Standing, erasure_of

LAST = datetime(2026, 3, 1, 12, tzinfo=UTC)


def standing(**changes):
    plain = {
        "open_accounts": 0,
        "running_agreements": 0,
        "holds": 0,
        "open_matters": 0,
        "last_activity_at": LAST,
    }
    return Standing(**plain | changes)


def decide(today=date(2034, 1, 1), years=7, **changes):
    return erasure_of(standing(**changes), retention_years=years, today=today)


def test_what_no_law_asks_for_goes_at_once_and_the_rest_has_a_day():
    found = decide(today=date(2027, 1, 1))
    assert (found.now, found.kept, found.reasons) == (WANTED, KEPT_FOR_LAW, ("retention",))
    assert found.until == date(2033, 3, 1)


def test_the_day_itself_is_still_kept_and_the_next_is_not():
    assert decide(today=date(2033, 3, 1)).kept == KEPT_FOR_LAW
    assert decide(today=date(2033, 3, 2)).kept == ()
    leap = datetime(2024, 2, 29, tzinfo=UTC)
    assert decide(today=date(2031, 2, 28), last_activity_at=leap).until == date(2031, 2, 28)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("open_accounts", "account_open"),
        ("running_agreements", "agreement_running"),
        ("holds", "hold"),
        ("open_matters", "matter_open"),
    ],
)
def test_what_is_open_keeps_everything_whatever_the_years(what, code):
    found = decide(**{what: 1})
    assert (found.reasons, found.kept, found.until) == ((code,), KEPT_FOR_LAW, None)


def test_nobody_ever_active_is_forgotten_at_once():
    assert decide(last_activity_at=None).now == WANTED + KEPT_FOR_LAW

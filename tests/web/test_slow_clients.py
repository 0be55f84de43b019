"""200 clients hold half-sent requests; good requests to the product are still answered, and SIGTERM still works."""

import os
import sys

import pytest

from benchmarks import slow_clients


@pytest.fixture
def product(database_urls):
    """Start the product's own server on a free port."""
    port = slow_clients.free_port()
    environ = {**os.environ, "PORTAL_ENV": "test", "DATABASE_URL": database_urls["app"]}
    words = [sys.executable, "-m", "portal.cli.main", "serve", "--port", str(port)]
    with slow_clients.serving(words, port, environ=environ) as child:
        yield child, port


def check(trial):
    assert trial.answered == 9
    assert trial.slowest <= slow_clients.GOOD_SECONDS_MAX
    assert trial.stopped <= slow_clients.GRACE_SECONDS_MAX


def test_good_requests_are_answered_while_200_slow_clients_hold_on(product):
    child, port = product
    check(slow_clients.hold(child, port))


@pytest.mark.long
@pytest.mark.parametrize("trial", range(5))
def test_trial_after_trial_with_900_slow_clients(product, trial):
    child, port = product
    check(slow_clients.hold(child, port, count=900))

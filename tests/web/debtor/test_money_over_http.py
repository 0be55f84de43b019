"""Random lives of debts over real HTTP: pages, a provider that charges, signed notices late, twice and in any order.

A sample runs always; five thousand are `long` (`HISTORIES` in the environment says how many). After each life the
books say what the provider says, to the unit: every posting sums to zero in each currency, what stays of a payment is
what the provider kept of it, and what is owed is what was owed first and every posting since.
"""

import os
from types import SimpleNamespace

import pytest

from portal.actions.lenders.change_payments import keep_gateway_secret, set_fx
from portal.core.actors import SYSTEM
from portal.core.fx import FxRules
from portal.simulators.serving import running
from portal.simulators.stripe.app import DEFAULT_KEY
from portal.store import lenders
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.actions.payments.test_fx import RatesFake
from tests.gateways.stripe_bench import SECRET, a_bench
from tests.web.debtor.lives import Going, Life


@pytest.fixture
def house(settings, database, work, lender):
    """The portal behind a real server, a provider, a second creditor, another currency."""
    clock = Going()
    set_fx(work, rules=FxRules(currencies=("EUR",), margin_bp=150), actor=SYSTEM, now=build.NOW)
    keep_gateway_secret(work, gateway="stripe", secret=SECRET, actor=SYSTEM, now=build.NOW)
    build.active_bounds(work)
    with work.begin() as tx:
        other = lenders.save_creditor(tx, creditor_ref="second", brand_name="Second", now=build.NOW)
    with a_bench() as bench:
        gateway = bench.a_gateway(timeouts=(10.0, 30.0))
        app = create_app(
            Services(settings=settings, database=database, clock=clock, stripe=gateway, fx_rates=RatesFake())
        )
        told = []
        bench.provider.world.own(DEFAULT_KEY).on_event = told.append
        with running(app) as url:
            yield SimpleNamespace(
                app=app, url=url, bench=bench, gateway=gateway, work=work, lender=lender, clock=clock, told=told,
                creditors=(lender.creditor_id, other),
            )  # fmt: skip


def lived(house, seed):
    life = Life(house, seed)
    life.live()
    return life


def first_wrong(house, seeds):
    return next(((seed, found) for seed in seeds if (found := lived(house, seed).wrongs())), None)


def test_lives_over_http_keep_every_unit_sample(house):
    assert first_wrong(house, range(2)) is None


@pytest.mark.long
def test_five_thousand_lives_over_http_keep_every_unit(house):
    assert first_wrong(house, range(int(os.environ.get("HISTORIES", "5000")))) is None


@pytest.mark.long
def test_the_check_would_find_a_unit_that_is_gone(house):
    """A planted fault: one unit of a balance disappears beside the books."""
    life = next(one for one in (lived(house, seed) for seed in range(50)) if one._payments(one.debts[0]))
    assert life.wrongs() == []
    debt = life.debts[0]
    life.first[debt.account_id] += 1
    assert any("by the books" in fault for fault in life.wrongs())

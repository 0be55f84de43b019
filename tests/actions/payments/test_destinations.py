"""An attempt keeps the creditor's own account that its money goes to, where there is one and the rail can."""

from types import SimpleNamespace

import pytest

from portal.actions.creditors.change_creditor import change_creditor
from portal.actions.payments.destinations import with_destination
from portal.actions.payments.money_sides import book_back, book_in, destination_of
from portal.core.actors import SYSTEM
from portal.gateways.qr_rail import QrRail
from portal.gateways.stripe import StripeGateway
from portal.store import accounts
from tests.actions.chain import a_chain

ACCOUNT = "acct_1Northwind"
KEPT = {"payoff_on": "2026-12-01"}


@pytest.mark.parametrize(
    ("account", "passes_on", "kept"),
    [(ACCOUNT, True, {**KEPT, "destination": ACCOUNT}), (ACCOUNT, False, KEPT), (None, True, KEPT)],
)
def test_it_is_kept_beside_what_was_promised(work, lender, account, passes_on, kept):
    chain = a_chain(work, lender)
    ways = {"payout_account": account, "range_from": None, "range_to": None}
    change_creditor(work, creditor_id=lender.creditor_id, actor=SYSTEM, now=chain.now, **ways)
    with work.read() as tx:
        found = accounts.find_account(tx, account_id=chain.account_id)
        gateway = SimpleNamespace(passes_on=passes_on)
        assert with_destination(tx, KEPT, account=found, gateway=gateway) == kept


def test_it_decides_in_which_book_the_money_lies():
    straight, ours = SimpleNamespace(quote={"destination": ACCOUNT}), SimpleNamespace(quote=None)
    assert (destination_of(straight), book_in(straight), book_back(straight)) == (ACCOUNT, "direct", "direct")
    assert (destination_of(ours), book_in(ours), book_back(ours)) == (None, "cash", "refunds")


def test_only_stripe_passes_money_on():
    assert (StripeGateway.passes_on, QrRail.passes_on) == (True, False)

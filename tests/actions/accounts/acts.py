"""Hold, recall and adjust the account AC-1, in the few words that the tests need."""

from portal.actions.accounts.adjust_account import adjust_account
from portal.actions.accounts.hold_account import hold_account
from portal.actions.accounts.recall_account import recall_account
from portal.core.actors import LENDER_API
from tests import build

WHO = {"actor": LENDER_API, "now": build.NOW}


def told(work):
    return [event.type for event in build.events_of(work, account_ref="AC-1")]


def hold(work, cause="dispute", until=None, ref="AC-1"):
    return hold_account(work, account_ref=ref, cause=cause, until=until, **WHO)


def recall(work, *, is_forced=False, ref="AC-1"):
    return recall_account(work, account_ref=ref, reason="sold", is_forced=is_forced, **WHO)


def adjust(work, amount=-1_000, component="interest", currency="USD", reason="credit", ref="AC-1"):
    return adjust_account(
        work, account_ref=ref, component=component, amount_minor=amount, currency=currency, reason=reason,
        on_date=build.NOW.date(), **WHO,
    )  # fmt: skip

"""What a lender changes of a creditor is told, without the account itself."""

from portal.actions.creditors.change_creditor import change_creditor
from portal.core.actors import staff_actor
from portal.store import lenders
from tests import build


def test_a_change_is_kept_and_told_without_the_account(work, lender):
    ways = {"payout_account": "acct_1NorthwindCards", "range_from": "NW-1", "range_to": "NW-9"}
    assert (
        change_creditor(
            work, creditor_id=lender.creditor_id, actor=staff_actor("stf_1"), now=build.NOW, **ways
        )
        == "changed"
    )
    with work.read() as tx:
        kept = lenders.find_creditor(tx, creditor_id=lender.creditor_id)
    assert (kept.payout_account, kept.range_from, kept.range_to) == tuple(ways.values())
    told = [event for event in build.events_of(work) if event.type == "settings.changed"]
    assert [event.payload for event in told] == [{"part": "creditor"}]

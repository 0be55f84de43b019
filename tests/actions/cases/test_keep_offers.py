from dataclasses import replace

from portal.actions.cases.show_offers import show_offers
from portal.store import offers
from tests import build
from tests.actions.chain import a_chain


def shown(chain):
    return show_offers(
        chain.work, account_id=chain.account_id, debtor_id=chain.debtor_id, today=chain.today, now=chain.now
    )


def test_offers_kept_together_stay_in_their_order_and_are_told_once(work, lender):
    chain = a_chain(work, lender)
    first, again = shown(chain), shown(chain)
    assert len(first.offers) > 1
    assert [one.offer_ref for one in first.offers] == [one.offer_ref for one in again.offers]
    told = [row for row in build.events_of(work) if row.type == "offer.shown"]
    assert [row.payload["id"] for row in told] == [one.offer_ref for one in first.offers]


def test_the_same_plan_twice_in_one_answer_is_one_offer(work, lender):
    chain = a_chain(work, lender)
    kept = shown(chain).offers[0]
    names = offers.NewOffer.__dataclass_fields__
    with work.begin() as tx:
        new = offers.NewOffer(**{name: getattr(kept, name) for name in names})
        other = replace(new, plan_hash="0" * 64)
        saved = offers.save_offers(tx, [other, new, other], now=chain.now)
        assert offers.save_offers(tx, [], now=chain.now) == []
    assert [is_new for _, is_new in saved] == [True, False, False]
    assert [one.offer_ref for one, _ in saved][1] == kept.offer_ref
    assert saved[0][0] == saved[2][0]

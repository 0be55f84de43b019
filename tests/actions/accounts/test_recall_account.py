from tests import build
from tests.actions.accounts.acts import hold, recall


def test_a_recall_is_refused_by_name_unless_forced(chain, work):
    chain.signed(payment_minor=10_000)
    hold(work)
    assert recall(work).guards == ("plan_active", "disputed")
    assert recall(work, is_forced=True).kind == "recalled"
    assert recall(work).kind == "there_already"
    payload = build.events_of(work, account_ref="AC-1")[-1].payload
    assert (payload["is_forced"], payload["reason"]) == (True, "sold")
    assert chain.account().state == "recalled"


def test_a_plain_recall_says_that_it_was_not_forced(chain, work):
    assert recall(work).kind == "recalled"
    assert build.events_of(work, account_ref="AC-1")[-1].payload["is_forced"] is False
    assert recall(work, ref="none").kind == "not_found"

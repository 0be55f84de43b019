"""Reminders: one neutral message each, at the hour that the law allows, to whom it allows."""

from datetime import timedelta

from portal.actions.life.remind import Wanted, remind
from portal.store import debtors
from tests import build
from tests.actions.life.living import BASE, a_living

MORNING = build.NOW + timedelta(days=40)


def queue(plan, *templates, now=MORNING):
    with plan.work.begin() as tx:
        return remind(tx, [Wanted(plan.chain.debtor_id, one) for one in templates], now=now, base_url=BASE)


def told(plan):
    found = build.events_of(plan.work)
    return [one.payload for one in found if one.type in {"message.queued", "message.suppressed"}]


def test_nobody_gets_two_at_once_and_what_is_late_comes_first(work, lender):
    plan = a_living(work, lender)
    assert queue(plan, "plan_upcoming", "plan_late", "plan_upcoming") == 1
    assert plan.messages() == [("plan_late", "queued")]
    assert told(plan)[-1]["template"] == "plan_late"


def test_a_message_waits_for_the_hour_that_the_law_allows(work, lender):
    plan = a_living(work, lender)
    night = MORNING.replace(hour=6)
    queue(plan, "plan_late", now=night)
    assert told(plan)[-1]["not_before"] > night.isoformat()


def test_who_said_stop_is_not_written_to_and_the_lender_hears_why(work, lender):
    plan = a_living(work, lender)
    with work.begin() as tx:
        debtors.mark_messages_stopped(tx, debtor_id=plan.chain.debtor_id, now=MORNING)
    assert queue(plan, "plan_late") == 0
    assert told(plan)[-1]["reason"] == "stopped"
    assert plan.messages() == []


def test_nobody_to_remind_is_nothing_to_do(work, lender):
    plan = a_living(work, lender)
    assert queue(plan) == 0

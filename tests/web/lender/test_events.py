"""The catalog at the desk: searched, linked to, and shown by the lender's own latest events."""

from portal.core.events.catalog import CATALOG
from tests import build
from tests.actions.life.living import a_living


def test_every_type_is_listed_and_found_by_name_meaning_or_field(desk):
    console = desk("auditor")
    page = console.text("/lender/events")
    assert all(name in page for name in CATALOG)
    found = console.text("/lender/events?q=balance+changed")
    assert "account.balance_changed" in found
    assert "payment.succeeded" not in found
    assert "No type fits" in console.text("/lender/events?q=zebra")


def test_a_type_shows_the_lenders_own_latest_event_or_an_example(world, desk):
    plan = a_living(world.work, world.lender)
    plan.pay(10_000)
    console = desk("agent")
    page = console.text("/lender/events/payment.succeeded")
    assert "Your latest one" in page
    assert plan.chain.account().account_ref in page
    told = [event for event in build.events_of(world.work) if event.type == "payment.succeeded"]
    assert f"evt_{told[-1].id}" in page
    made_up = console.text("/lender/events/key.revoked")
    assert "Made up" in made_up
    assert "acme" in made_up


def test_another_lenders_events_are_not_shown(database, desk):
    other = build.a_lender(database)
    plan = a_living(database.work(other.lender_id), other)
    plan.pay(10_000)
    page = desk("agent").text("/lender/events/payment.succeeded")
    assert "Made up" in page

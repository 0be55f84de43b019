from datetime import timedelta

from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.offers import pauses, public_view
from tests.core.negotiation.helpers import BOUNDS, TODAY, a_policy, some_facts


def test_an_offer_is_firm_for_the_valid_days_and_shows_no_stage():
    offer = answer(facts=some_facts(), bounds=BOUNDS).offers[0]
    assert offer.expires_on == TODAY + timedelta(days=14)
    assert (offer.stage, offer.bounds_version) == (2, 7)
    view = public_view(offer)
    assert set(view) == {"plan_id", "label", "expires_on", "terms", "schedule", "milestones", "reasons"}
    assert "stage" not in str(view)
    assert sum(row["amount"] for row in view["schedule"]) == view["terms"]["total"]


def test_a_lump_is_paid_within_its_own_days():
    found = answer(facts=some_facts(cash=300_000), bounds=BOUNDS, ask=Ask(family="lump", waiver_bp=1_000))
    assert found.offers[0].plan.first_on <= TODAY + timedelta(days=30)
    late = Ask(family="lump", waiver_bp=1_000, first_on=TODAY + timedelta(days=34))
    assert answer(facts=some_facts(cash=300_000), bounds=BOUNDS, ask=late).kind == "counter"


def test_pauses_are_those_of_the_rules():
    case = a_policy(some_facts()).case
    assert [plan.params.pause_days for plan in pauses(case)] == [30, 60]
    assert pauses(case, 31)[0].params.pause_days == 60
